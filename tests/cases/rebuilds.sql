-- case: a function with another argument's name stands below a check, an index, a generated column, a policy, a trigger, statistics
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (x int, y int CHECK (f(y) > 0), g int GENERATED ALWAYS AS (f(x)) STORED); CREATE INDEX i ON t (f(x)) WHERE f(y) > 1; COMMENT ON INDEX i IS 'i'; CREATE POLICY p ON t USING (f(x) > 0); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.x) > 0) EXECUTE FUNCTION tf(); CREATE STATISTICS s ON (f(x)), y FROM t; CREATE RULE r AS ON INSERT TO t WHERE f(NEW.x) > 5 DO INSTEAD NOTHING;
-- after
CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (x int, y int CHECK (f(y) > 0), g int GENERATED ALWAYS AS (f(x)) STORED); CREATE INDEX i ON t (f(x)) WHERE f(y) > 1; COMMENT ON INDEX i IS 'i'; CREATE POLICY p ON t USING (f(x) > 0); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.x) > 0) EXECUTE FUNCTION tf(); CREATE STATISTICS s ON (f(x)), y FROM t; CREATE RULE r AS ON INSERT TO t WHERE f(NEW.x) > 5 DO INSTEAD NOTHING;
-- case: a function with another result stands below a domain, an exclusion constraint, a materialized view, an aggregate, an operator
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE DOMAIN d AS int CHECK (f(VALUE) > 0); CREATE TABLE t (x d, EXCLUDE USING btree (f(x) WITH =)); CREATE MATERIALIZED VIEW m AS SELECT f(x) AS y FROM t; CREATE INDEX i ON m (y); CREATE FUNCTION g(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN f($1) + $2; CREATE AGGREGATE a(int) (SFUNC = g, STYPE = int); CREATE OPERATOR ### (FUNCTION = g, LEFTARG = int, RIGHTARG = int); CREATE VIEW v AS SELECT 1 ### 2 AS z;
-- after
CREATE FUNCTION f(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint'; CREATE DOMAIN d AS int CHECK (f(VALUE) > 0); CREATE TABLE t (x d, EXCLUDE USING btree (f(x) WITH =)); CREATE MATERIALIZED VIEW m AS SELECT f(x) AS y FROM t; CREATE INDEX i ON m (y); CREATE FUNCTION g(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN (f($1) + $2)::int; CREATE AGGREGATE a(int) (SFUNC = g, STYPE = int); CREATE OPERATOR ### (FUNCTION = g, LEFTARG = int, RIGHTARG = int); CREATE VIEW v AS SELECT 1 ### 2 AS z;
-- case: a function that partitions a table changes its body
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2'; CREATE TABLE p (a int) PARTITION BY LIST (f(a)); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (0);
-- after
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 % 2'; CREATE TABLE p (a int) PARTITION BY LIST (f(a)); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (0); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (1);
-- case: a table that is made again is referenced, viewed, published, granted and a row type
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE r (a int REFERENCES p); CREATE VIEW v AS SELECT a FROM p; CREATE FUNCTION f(p) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE PUBLICATION pu FOR TABLE p; GRANT SELECT ON p TO PUBLIC; COMMENT ON COLUMN p.a IS 'a'; CREATE POLICY q ON p USING (a > 0);
-- after
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY HASH (a); CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE TABLE r (a int REFERENCES p); CREATE VIEW v AS SELECT a FROM p; CREATE FUNCTION f(p) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE PUBLICATION pu FOR TABLE p; GRANT SELECT ON p TO PUBLIC; COMMENT ON COLUMN p.a IS 'a'; CREATE POLICY q ON p USING (a > 0);
-- case: a composite type loses an attribute below a function of rows, a view and an index
CREATE TYPE c AS (a int, b int); CREATE FUNCTION f(int) RETURNS c LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, 1)::public.c'; CREATE VIEW v AS SELECT (f(1)).a AS x; CREATE TABLE t (x int); CREATE INDEX i ON t (((f(x)).a));
-- after
CREATE TYPE c AS (a int); CREATE FUNCTION f(int) RETURNS c LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::public.c'; CREATE VIEW v AS SELECT (f(1)).a AS x; CREATE TABLE t (x int); CREATE INDEX i ON t (((f(x)).a));
-- case: an operator's function is replaced below an index's predicate, a view and a constraint
CREATE FUNCTION one(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR ### (FUNCTION = one, LEFTARG = int, RIGHTARG = int); CREATE TABLE t (a int, CHECK (a ### 1)); CREATE INDEX i ON t (a) WHERE a ### 2; CREATE VIEW v AS SELECT a FROM t WHERE a ### 3;
-- after
CREATE FUNCTION two(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR ### (FUNCTION = two, LEFTARG = int, RIGHTARG = int); CREATE TABLE t (a int, CHECK (a ### 1)); CREATE INDEX i ON t (a) WHERE a ### 2; CREATE VIEW v AS SELECT a FROM t WHERE a ### 3;
-- case: a cast's function is replaced below a default and a view
CREATE TYPE c AS (a int); CREATE FUNCTION one(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (c AS int) WITH FUNCTION one(c) AS IMPLICIT; CREATE TABLE t (a int DEFAULT ROW(1)::c::int); CREATE VIEW v AS SELECT ROW(1)::c::int AS b;
-- after
CREATE TYPE c AS (a int); CREATE FUNCTION two(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; CREATE CAST (c AS int) WITH FUNCTION two(c) AS IMPLICIT; CREATE TABLE t (a int DEFAULT ROW(1)::c::int); CREATE VIEW v AS SELECT ROW(1)::c::int AS b;
-- case: five views in a row, and the first changes the type that the last shows
CREATE TABLE t (a int, b int); CREATE VIEW v1 AS SELECT a, b FROM t; CREATE VIEW v2 AS SELECT a, b FROM v1; CREATE VIEW v3 AS SELECT a, b FROM v2; CREATE VIEW v4 AS SELECT a FROM v3; CREATE VIEW v5 AS SELECT a FROM v4; GRANT SELECT ON v3 TO pg_monitor; COMMENT ON VIEW v5 IS 'five'; ALTER VIEW v4 SET (security_barrier = true);
-- after
CREATE TABLE t (a numeric, b int); CREATE VIEW v1 AS SELECT a, b FROM t; CREATE VIEW v2 AS SELECT a, b FROM v1; CREATE VIEW v3 AS SELECT a, b FROM v2; CREATE VIEW v4 AS SELECT a FROM v3; CREATE VIEW v5 AS SELECT a FROM v4; GRANT SELECT ON v3 TO pg_monitor; COMMENT ON VIEW v5 IS 'five'; ALTER VIEW v4 SET (security_barrier = true);
-- case: two chains of views meet in one that stays
CREATE TABLE a (x int); CREATE TABLE b (y int); CREATE VIEW va AS SELECT x FROM a; CREATE VIEW vb AS SELECT y FROM b; CREATE VIEW vab AS SELECT x, y FROM va, vb; CREATE MATERIALIZED VIEW m AS SELECT * FROM vab; CREATE UNIQUE INDEX ON m (x, y);
-- after
CREATE TABLE a (x bigint); CREATE TABLE b (y text); CREATE VIEW va AS SELECT x FROM a; CREATE VIEW vb AS SELECT y FROM b; CREATE VIEW vab AS SELECT x, y FROM va, vb; CREATE MATERIALIZED VIEW m AS SELECT * FROM vab; CREATE UNIQUE INDEX ON m (x, y);
-- case: a view's trigger function takes the view's row
CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION h(v) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM h(NEW); RETURN NEW; END $$; CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
-- after
CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION h(v) RETURNS bigint LANGUAGE sql AS 'SELECT $1.a'; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM h(NEW); RETURN NEW; END $$; CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
-- case: a rule writes into a view that is made again
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT a FROM u; CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO v VALUES (NEW.a);
-- after
CREATE TABLE t (a int); CREATE TABLE u (a int, b int); CREATE VIEW v AS SELECT b, a FROM u; CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO v (a) VALUES (NEW.a);
-- case: a policy asks a function that is made again, and another table's policy asks the first
CREATE FUNCTION who(a int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE TABLE t (a int); CREATE POLICY p ON t USING (who(a)); CREATE TABLE u (b int); CREATE POLICY q ON u USING (EXISTS (SELECT 1 FROM t WHERE t.a = b AND who(t.a))); ALTER TABLE t ENABLE ROW LEVEL SECURITY; COMMENT ON POLICY p ON t IS 'p';
-- after
CREATE FUNCTION who(x int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE TABLE t (a int); CREATE POLICY p ON t USING (who(a)); CREATE TABLE u (b int); CREATE POLICY q ON u USING (EXISTS (SELECT 1 FROM t WHERE t.a = b AND who(t.a))); ALTER TABLE t ENABLE ROW LEVEL SECURITY; COMMENT ON POLICY p ON t IS 'p';
-- case: a range's difference function is another
CREATE FUNCTION one(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2'; CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = one); CREATE TABLE t (a r, b r_multirange DEFAULT '{}'); CREATE INDEX i ON t USING gist (a); CREATE FUNCTION f(r) RETURNS r LANGUAGE sql AS 'SELECT $1';
-- after
CREATE FUNCTION two(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2'; CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = two); CREATE TABLE t (a r, b r_multirange DEFAULT '{}'); CREATE INDEX i ON t USING gist (a); CREATE FUNCTION f(r) RETURNS r LANGUAGE sql AS 'SELECT $1';
-- case: an aggregate's state changes below views and a function
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int); CREATE TABLE t (x int); CREATE VIEW v AS SELECT a(x) AS s FROM t; CREATE VIEW w AS SELECT s FROM v; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT a(x) FROM t; END;
-- after
CREATE AGGREGATE a(int) (SFUNC = int84pl, STYPE = bigint, INITCOND = '0'); CREATE TABLE t (x int); CREATE VIEW v AS SELECT a(x) AS s FROM t; CREATE VIEW w AS SELECT s FROM v; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT a(x) FROM t; END;
-- case: tables in a ring with views over them change their keys' types
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE VIEW v AS SELECT a.id, b.id AS bid FROM a JOIN b ON a.b = b.id;
-- after
CREATE TABLE a (id uuid PRIMARY KEY, b uuid); CREATE TABLE b (id uuid PRIMARY KEY, a uuid REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; CREATE VIEW v AS SELECT a.id, b.id AS bid FROM a JOIN b ON a.b = b.id;
-- case: a schema goes, what was in it is elsewhere under the same names
CREATE SCHEMA old; CREATE TYPE old.e AS ENUM ('a'); CREATE TABLE old.t (id serial PRIMARY KEY, e old.e DEFAULT 'a'); CREATE FUNCTION old.f(old.t) RETURNS old.e LANGUAGE sql AS 'SELECT $1.e'; CREATE VIEW old.v AS SELECT old.f(t) AS x FROM old.t; CREATE VIEW keep AS SELECT x::text AS x FROM old.v;
-- after
CREATE SCHEMA new; CREATE TYPE new.e AS ENUM ('a'); CREATE TABLE new.t (id serial PRIMARY KEY, e new.e DEFAULT 'a'); CREATE FUNCTION new.f(new.t) RETURNS new.e LANGUAGE sql AS 'SELECT $1.e'; CREATE VIEW new.v AS SELECT new.f(t) AS x FROM new.t; CREATE VIEW keep AS SELECT x::text AS x FROM new.v;
-- case: a dictionary is another under a configuration, an index, a generated column and a function
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (PARSER = "default"); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d; CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED); CREATE INDEX i ON t USING gin (v);
-- after
CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = simple, accept = false); CREATE TEXT SEARCH CONFIGURATION c (PARSER = "default"); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH e, english_stem; CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c'::regconfig, a)) STORED); CREATE INDEX i ON t USING gin (v);
-- case: a parent's column changes under views on its heirs and their indexes
CREATE TABLE p (a int, b text); CREATE TABLE h (c int) INHERITS (p); CREATE INDEX i ON h (a); CREATE VIEW v AS SELECT a FROM h; CREATE VIEW w AS SELECT a FROM p; ALTER TABLE h ADD CHECK (a > 0);
-- after
CREATE TABLE p (a bigint, b text); CREATE TABLE h (c int) INHERITS (p); CREATE INDEX i ON h (a); CREATE VIEW v AS SELECT a FROM h; CREATE VIEW w AS SELECT a FROM p; ALTER TABLE h ADD CHECK (a > 0);
