-- Staff look customers up by name, and read what was done about one.
CREATE INDEX people_by_name ON people (name);
CREATE INDEX audit_of_person ON audit (person, id) WHERE person <> 0;
