// Whether a graphics processor draws: asked before the code for it is fetched.

// What browsers call the processor where it stands in.
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * Tell whether there is a graphics processor.
 *
 * Where the processor does its work, a network moves slower than the SVG that it would replace.
 */
export function hasProcessor(): boolean {
  const context = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (context === null) return false;
  const told = context.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER;
  const drawnBy = String(context.getParameter(told));
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(drawnBy);
}
