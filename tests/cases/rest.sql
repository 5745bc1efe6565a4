-- case: collations, casts, operators
-- after
CREATE COLLATION c (provider = libc, locale = 'C'); CREATE TABLE t (a text COLLATE c);
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a::text';
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS ASSIGNMENT;
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a = ($2).a';
CREATE OPERATOR === (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(public.===), RESTRICT = eqsel);
COMMENT ON OPERATOR === (pair, pair) IS 'same'; COMMENT ON COLLATION c IS 'c';  COMMENT ON CAST (pair AS text) IS 'x';
-- case: operator classes
-- after
CREATE FUNCTION icmp(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($1, $2)';
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS oc FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 icmp(int, int);
CREATE TABLE t (a int); CREATE INDEX i ON t (a oc);
-- case: event triggers
-- after
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION et();
ALTER EVENT TRIGGER e DISABLE;
-- case: publications (15)
CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE t;
-- after
CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1), TABLE u WITH (publish = 'insert');
CREATE PUBLICATION q FOR ALL TABLES;
-- case: foreign data
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2');
-- after
CREATE FOREIGN DATA WRAPPER w OPTIONS (x 'y'); CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (b '3', c '4');
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (u 'v');
CREATE FOREIGN TABLE ft (a int OPTIONS (k 'v') NOT NULL, b text DEFAULT 'x') SERVER s OPTIONS (t 'z');
-- case: text search
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
-- after
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = 'english', accept = 'false');
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH d, simple; ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR url;
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
-- case: privileges
CREATE TABLE t (a int, b int); GRANT SELECT ON t TO pg_monitor;
-- after
CREATE TABLE t (a int, b int); GRANT SELECT, INSERT ON t TO pg_monitor WITH GRANT OPTION; GRANT UPDATE (b) ON t TO pg_monitor; REVOKE ALL ON t FROM postgres;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC;
CREATE VIEW v AS SELECT 1 AS a; GRANT SELECT ON v TO PUBLIC; CREATE SEQUENCE s; GRANT USAGE ON SEQUENCE s TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
-- case: default privileges are there already
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO pg_monitor;
-- after
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO pg_monitor;
CREATE TABLE t (a int); CREATE TABLE u (a int); REVOKE SELECT ON u FROM pg_monitor;

-- case: an extension of an older version
-- after
CREATE EXTENSION pg_trgm VERSION '1.5';

-- case: an extension among the server's own objects
-- after
CREATE EXTENSION pg_trgm SCHEMA pg_catalog;

-- case: what goes with an extension
create function f(int) returns int language sql as 'select 1'; create table t(a int); create index i on t(a); create materialized view m as select 1 as a;
-- after
create function f(int) returns int language sql as 'select 1'; create table t(a int); create index i on t(a); create materialized view m as select 1 as a;
create extension pg_trgm; alter function f(int) depends on extension pg_trgm; alter index i depends on extension pg_trgm; alter materialized view m depends on extension pg_trgm; 

-- case: what goes with an extension, from nothing
-- after
create function f(int) returns int language sql as 'select 1'; create table t(a int); create index i on t(a); create materialized view m as select 1 as a;
create extension pg_trgm; alter function f(int) depends on extension pg_trgm; alter index i depends on extension pg_trgm; alter materialized view m depends on extension pg_trgm; 
-- case: a materialized view gets a replica identity
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a); CREATE MATERIALIZED VIEW n AS SELECT 1 AS a; ALTER TABLE n REPLICA IDENTITY NOTHING;
-- after
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a); ALTER TABLE m REPLICA IDENTITY FULL; CREATE MATERIALIZED VIEW n AS SELECT 1 AS a;
-- case: a table that serves as a catalog becomes unlogged, and another ceases to be so
CREATE TABLE t (a int) WITH (user_catalog_table = true); CREATE UNLOGGED TABLE u (a int) WITH (fillfactor = 20);
-- after
CREATE UNLOGGED TABLE t (a int); CREATE TABLE u (a int) WITH (user_catalog_table = true, fillfactor = 30);
