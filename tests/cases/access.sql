-- case: privileges of columns
CREATE TABLE t (a int, b int, c int); GRANT SELECT (a), UPDATE (a) ON t TO pg_monitor;
-- after
CREATE TABLE t (a int, b int, c int, d int); GRANT SELECT (a, b), INSERT (d) ON t TO pg_monitor WITH GRANT OPTION; GRANT REFERENCES (c) ON t TO PUBLIC;
-- case: privileges of a view's columns
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; GRANT SELECT (a) ON v TO pg_monitor;
-- case: default privileges change
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE SCHEMA s; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT USAGE ON SEQUENCES TO pg_monitor;
-- after
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO pg_monitor WITH GRANT OPTION; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
-- case: event triggers change
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$; CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION e(); COMMENT ON EVENT TRIGGER t IS 'one';
CREATE EVENT TRIGGER "Gone" ON sql_drop EXECUTE FUNCTION e(); CREATE TABLE x (a int);
-- after
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'x'; END $$; CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER t ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION f(); ALTER EVENT TRIGGER t ENABLE ALWAYS; COMMENT ON EVENT TRIGGER t IS 'two';
-- case: an event trigger that refuses everything comes last and goes first
CREATE TABLE t (a int);
-- after
CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag NOT LIKE '%EVENT TRIGGER%' AND tg_tag NOT LIKE 'COMMENT%' THEN RAISE EXCEPTION 'no %', tg_tag; END IF; END $$;
CREATE TABLE t (a int, b int); CREATE TABLE u (c int PRIMARY KEY); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a, b FROM t;
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION no();
-- case: privileges of a view's columns outlive its rebuilding
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; GRANT SELECT (a) ON v TO pg_monitor; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; GRANT SELECT (a) ON m TO PUBLIC;
-- after
CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a, b FROM t; GRANT SELECT (a), UPDATE (b) ON v TO pg_monitor WITH GRANT OPTION; CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
