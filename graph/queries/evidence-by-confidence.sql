SELECT source, title, said AS confidence, whole(rows) AS rows, whole(statements) AS statements
FROM evidence
ORDER BY place
