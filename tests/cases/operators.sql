-- case: a collation changes under columns, indexes and domains
CREATE COLLATION c (provider = icu, locale = 'de'); COMMENT ON COLLATION c IS 'one';
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE c DEFAULT 'x', b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b, (a || 'x') COLLATE c);
CREATE DOMAIN d AS text COLLATE c; CREATE TABLE u (e d); CREATE VIEW v AS SELECT a FROM t ORDER BY a COLLATE c;
-- after
CREATE COLLATION c (provider = icu, locale = 'sv', deterministic = false); COMMENT ON COLLATION c IS 'two';
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE c DEFAULT 'x', b int); CREATE INDEX i ON t (a); CREATE INDEX j ON t (b, (a || 'x') COLLATE c);
CREATE DOMAIN d AS text COLLATE c; CREATE TABLE u (e d); CREATE VIEW v AS SELECT a FROM t ORDER BY a COLLATE c;
-- case: a collation of libc with two halves
CREATE TABLE t (a text);
-- after
CREATE COLLATION "Two" (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX'); CREATE TABLE t (a text COLLATE "Two" UNIQUE);
CREATE TYPE pair AS (x text COLLATE "Two"); CREATE TYPE texts AS RANGE (SUBTYPE = text, COLLATION = "Two");
-- case: casts change
CREATE TYPE pair AS (a int, b int); CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a::text';
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS ASSIGNMENT; COMMENT ON CAST (pair AS text) IS 'one';
CREATE CAST (pair AS json) WITH INOUT; CREATE VIEW v AS SELECT (ROW(1, 2)::pair)::text AS t;
-- after
CREATE TYPE pair AS (a int, b int); CREATE FUNCTION pair_text(pair, int, boolean) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).b::text';
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair, int, boolean); COMMENT ON CAST (pair AS text) IS 'two';
CREATE CAST (pair AS json) WITH INOUT AS IMPLICIT; CREATE VIEW v AS SELECT (ROW(1, 2)::pair)::text AS t;
CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION mood_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (mood AS int) WITH FUNCTION mood_int(mood);
-- case: operators with commutators and negators
CREATE TYPE pair AS (a int, b int);
-- after
CREATE TYPE pair AS (a int, b int); CREATE SCHEMA ops;
CREATE FUNCTION eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a = ($2).a';
CREATE FUNCTION ne(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a <> ($2).a';
CREATE FUNCTION lt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION gt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a > ($2).a';
CREATE FUNCTION neg(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW(-($1).a, ($1).b)::pair';
CREATE OPERATOR == (FUNCTION = eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = ==, NEGATOR = OPERATOR(public.!==), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR !== (FUNCTION = ne, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = !==, NEGATOR = ==, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR ops.<% (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(ops.%>)); CREATE OPERATOR ops.%> (FUNCTION = gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(ops.<%));
CREATE OPERATOR !! (FUNCTION = neg, RIGHTARG = pair); COMMENT ON OPERATOR !! (NONE, pair) IS 'turns';
CREATE VIEW v AS SELECT !! ROW(1, 2)::pair AS p, ROW(1, 2)::pair == ROW(1, 3)::pair AS same;
-- case: operators change under a view
CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION eq(text, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR == (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, RESTRICT = eqsel); CREATE VIEW v AS SELECT 1 == 'x'::text AS a; COMMENT ON OPERATOR == (int, text) IS 'one';
-- after
CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION eq(text, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR == (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, RESTRICT = neqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==)); CREATE VIEW v AS SELECT 1 == 'x'::text AS a; COMMENT ON OPERATOR == (int, text) IS 'two';
CREATE OPERATOR == (FUNCTION = eq, LEFTARG = text, RIGHTARG = int, COMMUTATOR = OPERATOR(public.==));
-- case: an operator gets another function
CREATE FUNCTION one(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION two(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR == (FUNCTION = one, LEFTARG = int, RIGHTARG = text); CREATE VIEW v AS SELECT 1 == 'x'::text AS a; CREATE TABLE t (a int, b text, CHECK (a == b));
-- after
CREATE FUNCTION two(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR == (FUNCTION = two, LEFTARG = int, RIGHTARG = text); CREATE VIEW v AS SELECT 1 == 'x'::text AS a; CREATE TABLE t (a int, b text, CHECK (a == b));
-- case: an operator family gains and loses members
CREATE FUNCTION cmp(int, bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE FUNCTION cmp(bigint, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR FAMILY fam USING btree; COMMENT ON OPERATOR FAMILY fam USING btree IS 'one';
CREATE OPERATOR CLASS ints FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int); COMMENT ON OPERATOR CLASS ints USING btree IS 'whole';
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int, bigint), FUNCTION 1 cmp(int, bigint); CREATE TABLE t (a int); CREATE INDEX i ON t (a ints);
-- after
CREATE FUNCTION cmp(int, bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE FUNCTION cmp(bigint, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR FAMILY fam USING btree; COMMENT ON OPERATOR FAMILY fam USING btree IS 'two';
CREATE OPERATOR CLASS ints FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int); COMMENT ON OPERATOR CLASS ints USING btree IS 'numbers';
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (bigint, int), OPERATOR 3 = (int, bigint), FUNCTION 1 (bigint, int) cmp(bigint, int); CREATE TABLE t (a int); CREATE INDEX i ON t (a ints);
-- case: a family's own members go with their operators
CREATE OPERATOR FAMILY fam USING btree;
-- after
CREATE FUNCTION lt(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION cmp(int, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR <% (FUNCTION = lt, LEFTARG = int, RIGHTARG = text);
CREATE OPERATOR FAMILY fam USING btree; ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 <% (int, text), FUNCTION 1 cmp(int, text);
-- case: a family's operator gets another function
CREATE FUNCTION one(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION two(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR <% (FUNCTION = one, LEFTARG = int, RIGHTARG = text); CREATE OPERATOR FAMILY fam USING btree; ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 <% (int, text);
-- after
CREATE FUNCTION one(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE FUNCTION two(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR <% (FUNCTION = two, LEFTARG = int, RIGHTARG = text); CREATE OPERATOR FAMILY fam USING btree; ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 <% (int, text);
-- case: operator classes of gist and hash
CREATE TABLE t (a box, b int);
-- after
CREATE TABLE t (a box, b int);
CREATE OPERATOR CLASS hashed FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
CREATE OPERATOR CLASS boxes FOR TYPE box USING gist AS OPERATOR 3 &&, OPERATOR 15 <-> (box, point) FOR ORDER BY pg_catalog.float_ops,
    FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), FUNCTION 8 (box, box) gist_box_distance(internal, box, smallint, oid, internal);
CREATE INDEX i ON t USING gist (a boxes); CREATE INDEX j ON t USING hash (b hashed);
-- case: an operator class takes the places of another one in its family
CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS ca FOR TYPE int4 USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4); CREATE TABLE t (a int); CREATE INDEX i ON t (a ca); CREATE TYPE c AS (x int); CREATE FUNCTION cc(c, c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS da DEFAULT FOR TYPE c USING hash AS STORAGE c;
-- after
CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS cb FOR TYPE int4 USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4), FUNCTION 2 btint4sortsupport(internal); CREATE TABLE t (a int); CREATE INDEX i ON t (a cb); CREATE TYPE c AS (x int); CREATE FUNCTION cc(c, c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE FUNCTION ch(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS db DEFAULT FOR TYPE c USING hash AS FUNCTION 1 ch(c);
-- case: operator classes and families under other names
CREATE OPERATOR CLASS ca FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4); CREATE TABLE t (a int); CREATE INDEX i ON t (a ca);
-- after
CREATE OPERATOR CLASS cb FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4); CREATE TABLE t (a int); CREATE INDEX i ON t (a cb);
-- case: loose members of a family whose names have parentheses
CREATE SCHEMA "a)b"; CREATE TYPE "a)b"."(" AS (x int); CREATE FUNCTION "a)b".lt("a)b"."(", int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR "a)b".< (LEFTARG = "a)b"."(", RIGHTARG = int, FUNCTION = "a)b".lt); CREATE OPERATOR FAMILY f USING btree; ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 "a)b".< ("a)b"."(", int);
-- after
CREATE SCHEMA "a)b"; CREATE TYPE "a)b"."(" AS (x int); CREATE FUNCTION "a)b".lt("a)b"."(", int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR "a)b".< (LEFTARG = "a)b"."(", RIGHTARG = int, FUNCTION = "a)b".lt); CREATE OPERATOR FAMILY f USING btree;
-- case: numbers and times become texts unasked, as they once did
CREATE TABLE t (a oid, b int, c date);
-- after
CREATE CAST (smallint AS text) WITH INOUT AS IMPLICIT; CREATE CAST (int AS text) WITH INOUT AS IMPLICIT; CREATE CAST (bigint AS text) WITH INOUT AS IMPLICIT; CREATE CAST (oid AS text) WITH INOUT AS IMPLICIT; CREATE CAST (numeric AS text) WITH INOUT AS IMPLICIT; CREATE CAST (date AS text) WITH INOUT AS IMPLICIT; CREATE TABLE t (a text, b text, c text);
