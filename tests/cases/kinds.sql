-- case: an enum and nothing else
-- after
CREATE TYPE e AS ENUM ('a', 'b'); COMMENT ON TYPE e IS 'e'; GRANT USAGE ON TYPE e TO pg_monitor;
-- case: a domain and nothing else
-- after
CREATE DOMAIN d AS varchar(5) COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT c CHECK (VALUE <> ''); COMMENT ON DOMAIN d IS 'd'; COMMENT ON CONSTRAINT c ON DOMAIN d IS 'c';
-- case: a composite type and nothing else
-- after
CREATE TYPE c AS (a int, b text COLLATE "C", d numeric(5,2)[]); COMMENT ON TYPE c IS 'c'; COMMENT ON COLUMN c.a IS 'a';
-- case: a range type and nothing else
-- after
CREATE TYPE r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C", MULTIRANGE_TYPE_NAME = rs); COMMENT ON TYPE r IS 'r';
-- case: a schema and nothing else
-- after
CREATE SCHEMA s AUTHORIZATION pg_monitor; COMMENT ON SCHEMA s IS 's'; GRANT USAGE ON SCHEMA s TO PUBLIC;
-- case: a sequence and nothing else
-- after
CREATE SEQUENCE s AS smallint INCREMENT -2 MINVALUE -100 MAXVALUE 50 START 40 CACHE 3 CYCLE; COMMENT ON SEQUENCE s IS 's'; GRANT USAGE ON SEQUENCE s TO pg_monitor;
-- case: a function and nothing else
-- after
CREATE FUNCTION f(IN a int, b text DEFAULT 'x', VARIADIC c int[] DEFAULT '{}') RETURNS TABLE (x int, y text) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 3 ROWS 4 SET work_mem = '1MB' AS $$ BEGIN RETURN QUERY SELECT a, b; END $$; COMMENT ON FUNCTION f IS 'f';
-- case: a procedure and nothing else
-- after
CREATE PROCEDURE p(INOUT a int, b text DEFAULT 'x') LANGUAGE plpgsql AS $$ BEGIN a := 1; END $$; COMMENT ON PROCEDURE p IS 'p'; REVOKE ALL ON PROCEDURE p FROM PUBLIC;
-- case: an aggregate and nothing else
-- after
CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, SSPACE = 4, COMBINEFUNC = int4pl, INITCOND = '0', MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0', SORTOP = <, PARALLEL = SAFE); COMMENT ON AGGREGATE a(int) IS 'a';
-- case: a view and nothing else (15)
-- after
CREATE VIEW v (a, b) WITH (security_barrier, security_invoker) AS SELECT 1, 'x'::text; COMMENT ON VIEW v IS 'v'; COMMENT ON COLUMN v.a IS 'a'; GRANT SELECT ON v TO PUBLIC;
-- case: a materialized view and nothing else
-- after
CREATE MATERIALIZED VIEW m (a, b) WITH (fillfactor = 70) AS SELECT 1, 'x'::text WITH NO DATA; COMMENT ON MATERIALIZED VIEW m IS 'm'; CREATE UNIQUE INDEX i ON m (a); GRANT SELECT ON m TO PUBLIC;
-- case: an extension and nothing else
-- after
CREATE EXTENSION pg_trgm; COMMENT ON EXTENSION pg_trgm IS 'three';
-- case: a collation and nothing else
-- after
CREATE COLLATION c (provider = icu, locale = 'de', deterministic = false); COMMENT ON COLLATION c IS 'c';
-- case: a conversion and nothing else
-- after
CREATE DEFAULT CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; COMMENT ON CONVERSION c IS 'c';
-- case: a cast between types of the system and nothing else
-- after
CREATE CAST (point AS jsonb) WITH INOUT AS ASSIGNMENT; COMMENT ON CAST (point AS jsonb) IS 'c';
-- case: an operator and nothing else
-- after
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES); COMMENT ON OPERATOR === (int, int) IS 'o';
-- case: an operator family and nothing else
-- after
CREATE OPERATOR FAMILY f USING btree; COMMENT ON OPERATOR FAMILY f USING btree IS 'f';
-- case: an operator class and nothing else
-- after
CREATE OPERATOR CLASS c FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int), FUNCTION 2 hashint4extended(int, bigint); COMMENT ON OPERATOR CLASS c USING hash IS 'c';
-- case: an access method and nothing else
-- after
CREATE ACCESS METHOD a TYPE INDEX HANDLER bthandler; COMMENT ON ACCESS METHOD a IS 'a';
-- case: a text search configuration and nothing else
-- after
CREATE TEXT SEARCH CONFIGURATION c (COPY = german); COMMENT ON TEXT SEARCH CONFIGURATION c IS 'c';
-- case: a text search dictionary and nothing else
-- after
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, language = german, stopwords = german); COMMENT ON TEXT SEARCH DICTIONARY d IS 'd';
-- case: a foreign data wrapper and nothing else
-- after
CREATE FOREIGN DATA WRAPPER w OPTIONS (a 'b'); COMMENT ON FOREIGN DATA WRAPPER w IS 'w'; GRANT USAGE ON FOREIGN DATA WRAPPER w TO pg_monitor;
-- case: a publication and nothing else
-- after
CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert, truncate', publish_via_partition_root); COMMENT ON PUBLICATION p IS 'p';
-- case: a subscription and nothing else (15)
-- after
CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION a, b WITH (connect = false, enabled = false, slot_name = 'other', binary, streaming, synchronous_commit = remote_apply, two_phase = false, disable_on_error); COMMENT ON SUBSCRIPTION s IS 's'; ALTER SUBSCRIPTION s SET (slot_name = NONE);
-- case: an event trigger and nothing else
-- after
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION f(); COMMENT ON EVENT TRIGGER e IS 'e';
-- case: default privileges and nothing else
-- after
ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- case: a partitioned table and nothing else
-- after
CREATE TABLE p (a int, b text) PARTITION BY RANGE (a, lower(b) COLLATE "C"); COMMENT ON TABLE p IS 'p';
-- case: an unlogged table with parameters and nothing else
-- after
CREATE UNLOGGED TABLE t (a text) WITH (fillfactor = 50, toast.autovacuum_enabled = off); COMMENT ON TABLE t IS 't'; GRANT INSERT ON t TO pg_monitor;
-- case: a table whose columns have everything and nothing else (15)
-- after
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 5), b serial, c text COLLATE "C" DEFAULT 'x' NOT NULL, d int GENERATED ALWAYS AS (length(c)) STORED, e numeric(5,2)[] DEFAULT '{1.50}', CONSTRAINT k PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 70), CONSTRAINT u UNIQUE NULLS NOT DISTINCT (b, c) DEFERRABLE, CONSTRAINT x EXCLUDE USING hash (c WITH =) WHERE (d > 0), CONSTRAINT ch CHECK (d < 9) NO INHERIT, CONSTRAINT f FOREIGN KEY (b) REFERENCES t ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
