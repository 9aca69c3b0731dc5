-- Requests for wrk: the lines of a file in turn, made unlike all others where asked for.
local paths = {}
for line in io.lines(os.getenv("SIKG_BENCH_PATHS")) do paths[#paths + 1] = line end
local distinct = os.getenv("SIKG_BENCH_DISTINCT") == "1"
local pause = tonumber(os.getenv("SIKG_BENCH_PAUSE"))
local accept = os.getenv("SIKG_BENCH_ACCEPT")
local started = 0
local count = 0
local seed = os.time()

function setup(thread)
  thread:set("id", started)
  started = started + 1
end

function request()
  count = count + 1
  local path = paths[(count * 7919 + id * 31) % #paths + 1]
  if distinct then path = path .. "-" .. seed .. "-" .. id .. "-" .. count end
  return wrk.format("GET", path, {["Accept"] = accept})
end

if pause > 0 then
  function delay() return pause end
end

-- Only where asked for, since looking at answers slows wrk.
if os.getenv("SIKG_BENCH_TELL") == "1" then
  function response(status, headers, body)
    if status ~= 200 then
      io.stderr:write("status ", status, " ", (body:sub(1, 200):gsub("%s+", " ")), "\n")
    end
  end
end

function done(summary, latency)
  local failed = summary.errors
  local lost = failed.status + failed.read + failed.write + failed.timeout + failed.connect
  io.write(string.format("\nfailed %d done %d p50 %f p99 %f\n",
    lost, summary.requests, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
