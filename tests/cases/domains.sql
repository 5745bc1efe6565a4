-- case: a domain's not null comes and its default goes
CREATE DOMAIN d AS int DEFAULT 3; CREATE DOMAIN e AS text NOT NULL; CREATE TABLE t (a d, b e);
-- after
CREATE DOMAIN d AS int NOT NULL; CREATE DOMAIN e AS text DEFAULT 'x'; CREATE TABLE t (a d, b e);
-- case: a domain's constraints have names, are renamed and not valid
CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0) CONSTRAINT b CHECK (VALUE < 10); ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 5) NOT VALID; CREATE TABLE t (x d);
-- after
CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 1) CONSTRAINT "B" CHECK (VALUE < 10) CONSTRAINT c CHECK (VALUE <> 5); ALTER DOMAIN d ADD CHECK (VALUE <> 6) NOT VALID; CREATE TABLE t (x d); COMMENT ON CONSTRAINT a ON DOMAIN d IS 'a';
-- case: domains over domains change below
CREATE DOMAIN a AS int CHECK (VALUE > 0); CREATE DOMAIN b AS a CHECK (VALUE < 10); CREATE DOMAIN c AS b DEFAULT 5; CREATE TABLE t (x c, y b[]);
-- after
CREATE DOMAIN a AS int CHECK (VALUE > 1); CREATE DOMAIN b AS a NOT NULL CHECK (VALUE < 20); CREATE DOMAIN c AS b DEFAULT 6; CREATE TABLE t (x c, y b[]);
-- case: the lowest of domains over domains changes its type
CREATE DOMAIN a AS varchar(5); CREATE DOMAIN b AS a CHECK (VALUE <> ''); CREATE TABLE t (x b DEFAULT 'q', y a); CREATE INDEX i ON t (x); CREATE VIEW v AS SELECT x, y FROM t;
-- after
CREATE DOMAIN a AS varchar(9); CREATE DOMAIN b AS a CHECK (VALUE <> ''); CREATE TABLE t (x b DEFAULT 'q', y a); CREATE INDEX i ON t (x); CREATE VIEW v AS SELECT x, y FROM t;
-- case: a domain's check calls a function that changes its body, and one that goes
CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'; CREATE FUNCTION old(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE DOMAIN d AS int CHECK (ok(VALUE)) CONSTRAINT o CHECK (old(VALUE)); CREATE TABLE t (a d);
-- after
CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 1'; CREATE DOMAIN d AS int CHECK (ok(VALUE)); CREATE TABLE t (a d);
-- case: a domain becomes the plain type and a plain type the domain
CREATE DOMAIN d AS text CHECK (VALUE <> ''); CREATE TABLE t (a d DEFAULT 'x', b text NOT NULL); CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE DOMAIN d AS text CHECK (VALUE <> ''); CREATE TABLE t (a text DEFAULT 'x', b d NOT NULL); CREATE VIEW v AS SELECT a, b FROM t;
-- case: a domain is dropped with the checks and functions that took it
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d, CHECK (a < 9)); CREATE FUNCTION f(x d) RETURNS d LANGUAGE sql AS 'SELECT x'; CREATE VIEW v AS SELECT f(a) AS y FROM t;
-- after
CREATE TABLE t (a int, CHECK (a < 9)); CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'; CREATE VIEW v AS SELECT f(a) AS y FROM t;
-- case: a domain's collation changes
CREATE DOMAIN d AS text COLLATE "C" CHECK (VALUE > 'a'); CREATE TABLE t (a d); CREATE INDEX i ON t (a);
-- after
CREATE DOMAIN d AS text COLLATE "POSIX" CHECK (VALUE > 'a'); CREATE TABLE t (a d); CREATE INDEX i ON t (a);
-- case: a domain over an array, a composite, a range and a numeric with scale
CREATE TABLE t (x int);
-- after
CREATE TYPE c AS (a int, b text); CREATE DOMAIN da AS int[] CHECK (array_length(VALUE, 1) < 5); CREATE DOMAIN dc AS c CHECK ((VALUE).a > 0); CREATE DOMAIN dr AS int4range CHECK (NOT isempty(VALUE)); CREATE DOMAIN dn AS numeric(10,2) DEFAULT 0.00; CREATE TABLE t (x int, a da DEFAULT '{1}', b dc, c dr, d dn[]);
-- case: a domain over a composite that changes
CREATE TYPE c AS (a int, b text); CREATE DOMAIN d AS c CHECK ((VALUE).a > 0); CREATE TABLE t (x d);
-- after
CREATE TYPE c AS (a int, b text, e date); CREATE DOMAIN d AS c CHECK ((VALUE).a > 0); CREATE TABLE t (x d);
-- case: a domain's owner, privileges and comment
CREATE DOMAIN d AS int; COMMENT ON DOMAIN d IS 'one'; CREATE DOMAIN e AS int; GRANT USAGE ON DOMAIN e TO pg_monitor;
-- after
CREATE DOMAIN d AS int; COMMENT ON DOMAIN d IS 'two'; ALTER DOMAIN d OWNER TO pg_monitor; REVOKE ALL ON DOMAIN d FROM PUBLIC; CREATE DOMAIN e AS int; ALTER DOMAIN e SET SCHEMA public;
-- case: a domain that a generated column and a policy cast to
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a int, b d GENERATED ALWAYS AS (a::d) STORED); CREATE POLICY p ON t USING ((a::d) > 1); CREATE INDEX i ON t ((a::d));
-- after
CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TABLE t (a int, b d GENERATED ALWAYS AS (a::d) STORED); CREATE POLICY p ON t USING ((a::d) > 1); CREATE INDEX i ON t ((a::d));
-- case: a domain has the same name as one of another schema
CREATE SCHEMA s; CREATE DOMAIN d AS int; CREATE DOMAIN s.d AS text; CREATE TABLE t (a d, b s.d);
-- after
CREATE SCHEMA s; CREATE DOMAIN d AS bigint; CREATE DOMAIN s.d AS varchar(9); CREATE TABLE t (a d, b s.d, c s.d[]);
-- case: a domain's named not null (17)
CREATE DOMAIN d AS int CONSTRAINT d_there NOT NULL; CREATE DOMAIN e AS int NOT NULL; CREATE DOMAIN f AS int;
-- after
CREATE DOMAIN d AS int CONSTRAINT d_set NOT NULL; CREATE DOMAIN e AS int; CREATE DOMAIN f AS int CONSTRAINT f_n NOT NULL CONSTRAINT f_c CHECK (VALUE > 0);
-- case: a check comes to a domain while a materialized view holds rows with it
CREATE DOMAIN d AS int; CREATE TABLE t (v d); CREATE MATERIALIZED VIEW m AS SELECT t AS x, 1 AS one FROM t;
-- after
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (v d); CREATE MATERIALIZED VIEW m AS SELECT t AS x, 1 AS one FROM t;
-- case: a domain gets a check, and a table comes that holds arrays of it
CREATE DOMAIN d AS int CONSTRAINT one CHECK (VALUE IS NOT NULL);
-- after
CREATE DOMAIN d AS int CHECK (VALUE <> 7); CREATE TABLE t (id int, v d[]);
-- case: a check comes back with what it calls, while arrays, composites and other domains hold the domain
CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE DOMAIN d AS text CHECK (ok(VALUE)); CREATE DOMAIN over AS d; CREATE TYPE c AS (x d); CREATE TABLE t (a d[], b c, k d, o over);
-- after
CREATE FUNCTION ok(text, int DEFAULT 1) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE DOMAIN d AS text CHECK (ok(VALUE)); CREATE DOMAIN over AS d; CREATE TYPE c AS (x d); CREATE TABLE t (a d[], b c, k d, o over);
-- case: a check that names an enum whose values get another order, while arrays hold the domain
CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS int CHECK (VALUE <> length('a'::e::text)); CREATE TABLE t (a d[], k d);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS int CHECK (VALUE <> length('a'::e::text)); CREATE TABLE t (a d[], k d);
-- case: an array of a domain whose base type changes
CREATE DOMAIN d AS int; CREATE TABLE t (b d[], c d);
-- after
CREATE DOMAIN d AS numeric(10,1); CREATE TABLE t (b d[], c d);
-- case: an array of a domain over arrays of another type
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int[]; CREATE DOMAIN of_e AS text[]; CREATE TABLE t (b d[], c d, e of_e[]);
-- after
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS numeric[]; CREATE DOMAIN of_e AS e[]; CREATE TABLE t (b d[], c d, e of_e[]);
