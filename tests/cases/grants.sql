-- case: grants of every privilege of a table, with and without options
CREATE TABLE t (a int, b int); GRANT SELECT, INSERT ON t TO pg_monitor WITH GRANT OPTION; GRANT TRUNCATE ON t TO PUBLIC;
-- after
CREATE TABLE t (a int, b int); GRANT INSERT ON t TO pg_monitor; GRANT UPDATE, DELETE, REFERENCES, TRIGGER ON t TO pg_read_all_data WITH GRANT OPTION;
-- case: the owner's own rights are revoked and given back
CREATE TABLE t (a int); CREATE TABLE u (a int); REVOKE ALL ON t FROM postgres; CREATE SEQUENCE s;
-- after
CREATE TABLE t (a int); CREATE TABLE u (a int); REVOKE INSERT, UPDATE ON u FROM postgres; CREATE SEQUENCE s; REVOKE ALL ON SEQUENCE s FROM postgres;
-- case: grants of a column beside those of the table
CREATE TABLE t (a int, b int, c int); GRANT SELECT ON t TO pg_monitor; GRANT UPDATE (a, b) ON t TO pg_monitor; GRANT SELECT (c) ON t TO PUBLIC;
-- after
CREATE TABLE t (a int, b int, c int); GRANT SELECT (a) ON t TO pg_monitor; GRANT UPDATE (b, c), INSERT (a) ON t TO pg_monitor WITH GRANT OPTION;
-- case: grants of a column that is dropped, retyped, new
CREATE TABLE t (a int, b int, c int); GRANT SELECT (a, b, c) ON t TO pg_monitor;
-- after
CREATE TABLE t (a bigint, c text, d int); GRANT SELECT (a, c, d) ON t TO pg_monitor;
-- case: grants on schemas, languages, types, domains, functions, procedures, sequences
CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE SEQUENCE q; GRANT USAGE ON SCHEMA s TO PUBLIC; GRANT USAGE ON TYPE e TO pg_monitor;
-- after
CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE SEQUENCE q; GRANT ALL ON SCHEMA s TO pg_monitor WITH GRANT OPTION; REVOKE USAGE ON TYPE e FROM PUBLIC; REVOKE USAGE ON DOMAIN d FROM PUBLIC; GRANT USAGE ON DOMAIN d TO pg_monitor; REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON PROCEDURE p() TO pg_monitor WITH GRANT OPTION; GRANT ALL ON SEQUENCE q TO pg_monitor;
-- case: grants outlive what makes their object anew
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor; CREATE TABLE t (a int) PARTITION BY LIST (a); GRANT SELECT ON t TO pg_monitor; GRANT UPDATE (a) ON t TO PUBLIC; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; GRANT SELECT ON m TO PUBLIC; CREATE DOMAIN d AS int; GRANT USAGE ON DOMAIN d TO pg_monitor;
-- after
CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor; CREATE TABLE t (a int) PARTITION BY RANGE (a); GRANT SELECT ON t TO pg_monitor; GRANT UPDATE (a) ON t TO PUBLIC; CREATE MATERIALIZED VIEW m AS SELECT 2 AS a; GRANT SELECT ON m TO PUBLIC; CREATE DOMAIN d AS text; GRANT USAGE ON DOMAIN d TO pg_monitor;
-- case: owners of everything change
CREATE SCHEMA s; CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE SEQUENCE q; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int); CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (a int); CREATE TYPE r AS RANGE (SUBTYPE = float8); CREATE DOMAIN d AS int; CREATE COLLATION l (locale = 'C'); CREATE STATISTICS st ON a, (a + 1) FROM t; CREATE TEXT SEARCH DICTIONARY td (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION tc (COPY = simple); CREATE PUBLICATION pu; CREATE FUNCTION lt(c, c) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <<< (FUNCTION = lt, LEFTARG = c, RIGHTARG = c); CREATE OPERATOR FAMILY fam USING btree;
-- after
CREATE SCHEMA s; CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE SEQUENCE q; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int); CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (a int); CREATE TYPE r AS RANGE (SUBTYPE = float8); CREATE DOMAIN d AS int; CREATE COLLATION l (locale = 'C'); CREATE STATISTICS st ON a, (a + 1) FROM t; CREATE TEXT SEARCH DICTIONARY td (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION tc (COPY = simple); CREATE PUBLICATION pu; CREATE FUNCTION lt(c, c) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <<< (FUNCTION = lt, LEFTARG = c, RIGHTARG = c); CREATE OPERATOR FAMILY fam USING btree;
ALTER SCHEMA s OWNER TO pg_monitor; ALTER TABLE t OWNER TO pg_monitor; ALTER VIEW v OWNER TO pg_monitor; ALTER MATERIALIZED VIEW m OWNER TO pg_monitor; ALTER SEQUENCE q OWNER TO pg_monitor; ALTER FUNCTION f() OWNER TO pg_monitor; ALTER PROCEDURE p() OWNER TO pg_monitor; ALTER AGGREGATE g(int) OWNER TO pg_monitor; ALTER TYPE e OWNER TO pg_monitor; ALTER TYPE c OWNER TO pg_monitor; ALTER TYPE r OWNER TO pg_monitor; ALTER DOMAIN d OWNER TO pg_monitor; ALTER COLLATION l OWNER TO pg_monitor; ALTER STATISTICS st OWNER TO pg_monitor; ALTER TEXT SEARCH DICTIONARY td OWNER TO pg_monitor; ALTER TEXT SEARCH CONFIGURATION tc OWNER TO pg_monitor; ALTER PUBLICATION pu OWNER TO pg_monitor; ALTER OPERATOR <<< (c, c) OWNER TO pg_monitor; ALTER OPERATOR FAMILY fam USING btree OWNER TO pg_monitor;
-- case: what belongs to another owner comes and goes
CREATE TABLE keep (a int);
-- after
CREATE TABLE keep (a int); CREATE SCHEMA s AUTHORIZATION pg_monitor; CREATE TABLE s.t (id serial PRIMARY KEY, g int GENERATED ALWAYS AS IDENTITY); ALTER TABLE s.t OWNER TO pg_monitor; CREATE VIEW s.v AS SELECT id FROM s.t; ALTER VIEW s.v OWNER TO pg_read_all_data; GRANT SELECT ON s.t TO pg_read_all_data; GRANT USAGE ON SCHEMA s TO pg_read_all_data; CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p OWNER TO pg_monitor; CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.f() OWNER TO pg_monitor; REVOKE ALL ON FUNCTION s.f() FROM PUBLIC;
-- case: default privileges of many sorts, roles and schemas
CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT USAGE ON SEQUENCES TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO pg_monitor;
-- after
CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT, UPDATE ON TABLES TO pg_monitor, PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA s GRANT ALL ON SEQUENCES TO pg_read_all_data; ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE pg_read_all_data GRANT CREATE ON SCHEMAS TO pg_monitor;
-- case: objects are made while default privileges come and go
CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO pg_monitor; CREATE TABLE s.a (x int);
-- after
CREATE SCHEMA s; CREATE TABLE s.a (x int); CREATE TABLE s.b (x int); ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT UPDATE ON TABLES TO pg_monitor; CREATE TABLE s.c (x int); CREATE VIEW s.v AS SELECT x FROM s.a;
-- case: privileges of the schema public
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int); REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO pg_monitor; COMMENT ON SCHEMA public IS 'ours';
-- case: a foreign server's, wrapper's and large language's privileges
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN SERVER s TO PUBLIC;
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO pg_monitor WITH GRANT OPTION; GRANT USAGE ON FOREIGN SERVER s TO pg_monitor; ALTER SERVER s OWNER TO postgres; CREATE FOREIGN TABLE ft (a int, b int) SERVER s; GRANT SELECT (a), INSERT ON ft TO pg_monitor;
-- case: a sequence goes to a table of another owner
CREATE TABLE a (v int); CREATE TABLE b (v int); CREATE SEQUENCE q OWNED BY a.v; ALTER TABLE a OWNER TO pg_monitor;
-- after
CREATE TABLE a (v int); CREATE TABLE b (v int); CREATE SEQUENCE q OWNED BY b.v;
-- case: a grant narrows to columns while a policy is made again
CREATE TABLE doc (id int, team int); CREATE POLICY r ON doc USING (team = 1); GRANT SELECT ON doc TO pg_monitor;
-- after
CREATE TABLE doc (id int, team bigint, more int); CREATE POLICY r ON doc USING (team = 1); ALTER TABLE doc ENABLE ROW LEVEL SECURITY; GRANT SELECT (id, team, more) ON doc TO pg_monitor;

-- case: what was passed on by a grant option is revoked by who did so, and granted by the owner where it stays (catalogs)
CREATE TABLE t (a int, b int); GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION; SET ROLE pg_monitor; GRANT SELECT ON t TO pg_read_all_data WITH GRANT OPTION; SET ROLE pg_read_all_data; GRANT SELECT ON t TO pg_write_all_data; RESET ROLE;
-- after
CREATE TABLE t (a int, b int); GRANT SELECT ON t TO pg_write_all_data;
