-- case: an attribute of a composite type comes, goes and changes its type under functions
CREATE TYPE c AS (a int, b text, d date); CREATE FUNCTION f(x c) RETURNS int LANGUAGE sql AS 'SELECT x.a'; CREATE FUNCTION g() RETURNS SETOF c LANGUAGE sql AS 'SELECT NULL::c';
-- after
CREATE TYPE c AS (a bigint, d date, e numeric(5,2)); CREATE FUNCTION f(x c) RETURNS int LANGUAGE sql AS 'SELECT x.a::int'; CREATE FUNCTION g() RETURNS SETOF c LANGUAGE sql AS 'SELECT NULL::c';
-- case: attributes of a composite type change their order
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c, y c[]); 
-- after
CREATE TYPE c AS (b text, a int); CREATE TABLE t (x c, y c[]);
-- case: an attribute changes its type while a table holds the type
CREATE TYPE c AS (a int, b varchar(5)); CREATE TABLE t (x c DEFAULT ROW(1, 'x')::c, y int);
-- after
CREATE TYPE c AS (a bigint, b text); CREATE TABLE t (x c DEFAULT ROW(1, 'x')::c, y int);
-- case: a composite type in a view's expression and an index loses an attribute
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c); CREATE VIEW v AS SELECT (x).a AS a FROM t; CREATE INDEX i ON t (((x).a));
-- after
CREATE TYPE c AS (a int); CREATE TABLE t (x c); CREATE VIEW v AS SELECT (x).a AS a FROM t; CREATE INDEX i ON t (((x).a));
-- case: a composite type inside a composite type changes
CREATE TYPE c AS (a int); CREATE TYPE d AS (x c, y c[]); CREATE TABLE t (z d);
-- after
CREATE TYPE c AS (a int, b text); CREATE TYPE d AS (x c, y c[], z int); CREATE TABLE t (z d);
-- case: a composite type with collations, odd names and comments on attributes
CREATE TYPE c AS ("A b" text COLLATE "C", "select" int); COMMENT ON COLUMN c."A b" IS 'one';
-- after
CREATE TYPE c AS ("A b" text COLLATE "POSIX", "select" int, "é" text[]); COMMENT ON COLUMN c."A b" IS 'two'; COMMENT ON COLUMN c."select" IS 'q'; COMMENT ON TYPE c IS 'c';
-- case: a composite type becomes a table and a table a composite type
CREATE TYPE c AS (a int); CREATE TABLE d (a int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TABLE c (a int); CREATE TYPE d AS (a int); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- case: a composite type goes while a column of it stays as text
CREATE TYPE c AS (a int, b int); CREATE TABLE t (x c);
-- after
CREATE TABLE t (x text);
-- case: a table's row type is a column, an argument, a result and an array elsewhere
CREATE TABLE t (a int); CREATE TABLE h (x t, y t[]); CREATE FUNCTION f(t) RETURNS t LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
-- after
CREATE TABLE t (a int, b text, c date); CREATE TABLE h (x t, y t[]); CREATE FUNCTION f(t) RETURNS t LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
-- case: a column is dropped whose table's row type a function takes and a view shows
CREATE TABLE t (a int, b text); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE VIEW v AS SELECT f(t) AS x, t AS y FROM t;
-- after
CREATE TABLE t (a int); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; CREATE VIEW v AS SELECT f(t) AS x, t AS y FROM t;
-- case: a range over a type that changes, with its own functions
CREATE FUNCTION diff(time, time) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT extract(epoch FROM $1 - $2)::float8'; CREATE TYPE r AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = diff); CREATE TABLE t (a r, EXCLUDE USING gist (a WITH &&));
-- after
CREATE FUNCTION diff(time, time) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT extract(epoch FROM ($1 - $2))::float8'; CREATE TYPE r AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = diff, MULTIRANGE_TYPE_NAME = many); CREATE TABLE t (a r, b many, EXCLUDE USING gist (a WITH &&)); COMMENT ON TYPE r IS 'r';
-- case: a range's subtype changes under columns, indexes and views
CREATE TYPE r AS RANGE (SUBTYPE = int8); CREATE TABLE t (a r, b r_multirange); CREATE INDEX i ON t USING gist (a); CREATE VIEW v AS SELECT lower(a) AS l FROM t;
-- after
CREATE TYPE r AS RANGE (SUBTYPE = numeric); CREATE TABLE t (a r, b r_multirange); CREATE INDEX i ON t USING gist (a); CREATE VIEW v AS SELECT lower(a) AS l FROM t;
-- case: a range with an operator class and a collation goes
CREATE TYPE r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C"); CREATE TABLE t (a r);
-- after
CREATE TABLE t (a text);
-- case: ranges of one schema are used in another, with privileges
CREATE SCHEMA s;
-- after
CREATE SCHEMA s; CREATE TYPE s.r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = s."M r"); ALTER TYPE s.r OWNER TO pg_monitor; REVOKE ALL ON TYPE s.r FROM PUBLIC; CREATE TABLE t (a s.r DEFAULT '[1,2)', b s."M r" DEFAULT '{[1,2)}');
-- case: typed tables follow their type
CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c; CREATE TABLE u OF c (PRIMARY KEY (a));
-- after
CREATE TYPE c AS (a bigint, b text, d date); CREATE TABLE t OF c; CREATE TABLE u OF c (b WITH OPTIONS DEFAULT 'x', PRIMARY KEY (a), CHECK (a > 0));
-- case: a table becomes typed, and a typed one plain
CREATE TYPE c AS (a int, b text); CREATE TABLE t (a int, b text); CREATE TABLE u OF c;
-- after
CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c; CREATE TABLE u (a int, b text);
-- case: a typed table gets another type
CREATE TYPE c AS (a int, b text); CREATE TYPE d AS (a int, b text); CREATE TABLE t OF c;
-- after
CREATE TYPE c AS (a int, b text); CREATE TYPE d AS (a int, b text); CREATE TABLE t OF d;
