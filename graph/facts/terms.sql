-- How answers write terms: as SPARQL 1.1 results in TSV do; NULL is unbound.
CREATE MACRO escaped(t) AS
  replace(replace(replace(replace(replace(
    t, '\', '\\'), '"', '\"'), chr(10), '\n'), chr(13), '\r'), chr(9), '\t');
CREATE MACRO plain(t) AS '"' || escaped(t) || '"';
CREATE MACRO tagged(t, tag, kind) AS
  '"' || escaped(t) || '"' || coalesce('@' || tag, '^^<' || kind || '>', '');
CREATE MACRO whole(n) AS n::VARCHAR;
CREATE MACRO digits(n) AS
  CASE WHEN contains(n::VARCHAR, '.') THEN rtrim(rtrim(n::VARCHAR, '0'), '.') ELSE n::VARCHAR END;
CREATE MACRO exact(n) AS '"' || digits(n) || '"^^<http://www.w3.org/2001/XMLSchema#decimal>';
CREATE MACRO named(wanted) AS (SELECT '<' || iri || '>' FROM thing WHERE id = wanted);
-- The one value that there is, the word where there are several.
CREATE MACRO one_of(v) AS CASE WHEN min(v) = max(v) THEN min(v) ELSE 'several' END;
CREATE MACRO things_of(class) AS TABLE
  SELECT subject AS id FROM is_a
  WHERE object = (SELECT id FROM thing WHERE iri = 'https://w3id.org/sikg/ontology#' || class);
