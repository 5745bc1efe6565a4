-- case: names of 63 bytes, with letters of many bytes
CREATE TABLE t (a int);
-- after
CREATE TABLE "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" (a int); CREATE TABLE "éééééééééééééééééééééééééééééé" ("ïïïïïïïïïïïïïïïïïïïïïïïïïïïïïïï" serial PRIMARY KEY, b int UNIQUE CHECK (b > 0));
-- case: names that are words of the grammar
CREATE TABLE t (a int);
-- after
CREATE SCHEMA "table"; CREATE TABLE "table"."select" ("from" int PRIMARY KEY, "where" text UNIQUE, "order" int REFERENCES "table"."select", CONSTRAINT "check" CHECK ("from" > 0)); CREATE INDEX "index" ON "table"."select" ("where", "order"); CREATE VIEW "table"."view" AS SELECT "from", "where" FROM "table"."select"; CREATE TYPE "table"."enum" AS ENUM ('select'); CREATE FUNCTION "table"."function"("in" int, OUT "out" int) LANGUAGE sql AS 'SELECT "in"'; CREATE SEQUENCE "table"."sequence"; CREATE DOMAIN "table"."domain" AS "table"."enum"; CREATE FUNCTION "table"."trigger"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER "trigger" BEFORE UPDATE OF "order" ON "table"."select" FOR EACH ROW EXECUTE FUNCTION "table"."trigger"(); CREATE POLICY "all" ON "table"."select" USING ("order" > 1);
-- case: names with quotes, dots, dollars, blanks and nothing but digits
CREATE TABLE t (a int);
-- after
CREATE SCHEMA "a.b"; CREATE TABLE "a.b"."c""d" ("e.f" int PRIMARY KEY, "$1" text DEFAULT '$1', "1" int, " " int CHECK (" " > 0), "'" text, "a	b" int); CREATE INDEX "g.h""i" ON "a.b"."c""d" ("e.f", "$1"); CREATE VIEW "a.b"."v.""v""" AS SELECT "e.f" AS "x.y", "1" FROM "a.b"."c""d"; COMMENT ON COLUMN "a.b"."c""d"."e.f" IS 'a ''quoted'' "comment" \ with $$ and ; and -- in it'; CREATE FUNCTION "a.b"."f(x)"("p.q" int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE "a.b"."t.t" AS ("x.x" int);
-- case: upper case, lower case and mixed case live side by side
CREATE TABLE users (id int); CREATE TABLE "Users" (id int);
-- after
CREATE TABLE users (id int, "ID" int); CREATE TABLE "Users" (id bigint, "Id" int); CREATE TABLE "USERS" (id int PRIMARY KEY, users int REFERENCES "USERS"); CREATE INDEX users_i ON users (id); CREATE INDEX "Users_i" ON "Users" (id); CREATE TYPE "Status" AS ENUM ('A'); CREATE TYPE status AS ENUM ('a'); ALTER TABLE users ADD s status, ADD "S" "Status" DEFAULT 'A';
-- case: the same names in three schemas, each with its own types and functions
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE a.e AS ENUM ('a'); CREATE TABLE a.t (x a.e);
-- after
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE a.e AS ENUM ('a', 'aa'); CREATE TYPE b.e AS ENUM ('b'); CREATE TYPE e AS ENUM ('c'); CREATE TABLE a.t (x a.e, y b.e, z e); CREATE TABLE b.t (x a.e[], y b.e DEFAULT 'b', z e); CREATE TABLE t (x a.t, y b.t); CREATE FUNCTION a.f(a.e) RETURNS b.e LANGUAGE sql AS $$ SELECT 'b'::b.e $$; CREATE FUNCTION b.f(b.e) RETURNS a.e LANGUAGE sql AS $$ SELECT 'a'::a.e $$; CREATE VIEW a.v AS SELECT a.f(x) AS y FROM a.t; CREATE VIEW b.v AS SELECT b.f(y) AS z FROM a.v;
-- case: names that hide those of the system
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int); CREATE SCHEMA s; CREATE TYPE s.text AS (a int); CREATE TYPE s.int4 AS ENUM ('x'); CREATE FUNCTION s.now() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION lower(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE s.pg_class (a s.text, b s.int4, c text, d int4 DEFAULT s.now()); CREATE INDEX i ON t (lower(a)); CREATE VIEW v AS SELECT lower('X') AS x, lower(1) AS y, now() AS z; CREATE FUNCTION s.add(s.text, s.text) RETURNS s.text LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE OPERATOR s.+ (FUNCTION = s.add, LEFTARG = s.text, RIGHTARG = s.text); CREATE VIEW w AS SELECT 1 + 1 AS n, ROW(1)::s.text OPERATOR(s.+) ROW(2)::s.text AS m;
