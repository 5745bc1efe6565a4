-- case: an enum of no values gets its first
CREATE TYPE e AS ENUM (); CREATE TABLE t (a e);
-- after
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e DEFAULT 'a');
-- case: an enum loses its last value and all its columns stay
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e NOT NULL, b int); CREATE TABLE u (c e, d e);
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e NOT NULL, b int); CREATE TABLE u (c e, d e);
-- case: a value in the middle is dropped under a default that stays
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e DEFAULT 'c'); CREATE TABLE u (a e[] DEFAULT '{a,c}' NOT NULL);
-- after
CREATE TYPE e AS ENUM ('a', 'c'); CREATE TABLE t (a e DEFAULT 'c'); CREATE TABLE u (a e[] DEFAULT '{a,c}' NOT NULL);
-- case: values are reordered under an index and a unique constraint
CREATE TYPE e AS ENUM ('low', 'high', 'mid'); CREATE TABLE t (a e PRIMARY KEY, b e UNIQUE); CREATE INDEX i ON t (b DESC, a) WHERE a > 'low';
-- after
CREATE TYPE e AS ENUM ('low', 'mid', 'high'); CREATE TABLE t (a e PRIMARY KEY, b e UNIQUE); CREATE INDEX i ON t (b DESC, a) WHERE a > 'low';
-- case: an enum is a key that another table references
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e PRIMARY KEY); CREATE TABLE u (a e REFERENCES t ON UPDATE CASCADE);
-- after
CREATE TYPE e AS ENUM ('b'); CREATE TABLE t (a e PRIMARY KEY); CREATE TABLE u (a e REFERENCES t ON UPDATE CASCADE);
-- case: an enum in a primary key of partitions and in their bounds
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (a e, b int, PRIMARY KEY (a, b)) PARTITION BY RANGE (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE p (a e, b int, PRIMARY KEY (a, b)) PARTITION BY RANGE (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5);
-- case: an enum that partitions a table gets a value and a partition for it
CREATE TYPE e AS ENUM ('a'); CREATE TABLE p (a e) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (a e) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a'); CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b');
-- case: a generated column compares an enum that loses a value
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e, g boolean GENERATED ALWAYS AS (a = 'b') STORED);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e, g boolean GENERATED ALWAYS AS (a = 'b') STORED);
-- case: an enum that loses a value under views on views and a materialized view
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e, b int); CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a; CREATE VIEW w AS SELECT * FROM v WHERE a <> 'a'; CREATE MATERIALIZED VIEW m AS SELECT a FROM w; CREATE UNIQUE INDEX i ON m (a); COMMENT ON VIEW w IS 'w'; GRANT SELECT ON v TO PUBLIC;
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e, b int); CREATE VIEW v AS SELECT a, count(*) AS n FROM t GROUP BY a; CREATE VIEW w AS SELECT * FROM v WHERE a <> 'a'; CREATE MATERIALIZED VIEW m AS SELECT a FROM w; CREATE UNIQUE INDEX i ON m (a); COMMENT ON VIEW w IS 'w'; GRANT SELECT ON v TO PUBLIC;
-- case: an enum that loses a value under functions, their defaults, a procedure and an aggregate
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE FUNCTION f(x e DEFAULT 'b') RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE FUNCTION g() RETURNS TABLE (n int, x e) LANGUAGE sql AS 'SELECT 1, NULL::e'; CREATE PROCEDURE p(INOUT x e) LANGUAGE plpgsql AS $$ BEGIN x := 'a'; END $$; CREATE FUNCTION pick(e, e) RETURNS e LANGUAGE sql AS 'SELECT $2'; CREATE AGGREGATE last(e) (SFUNC = pick, STYPE = e); COMMENT ON FUNCTION f(e) IS 'f';
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION f(x e DEFAULT 'b') RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE FUNCTION g() RETURNS TABLE (n int, x e) LANGUAGE sql AS 'SELECT 1, NULL::e'; CREATE PROCEDURE p(INOUT x e) LANGUAGE plpgsql AS $$ BEGIN x := 'a'; END $$; CREATE FUNCTION pick(e, e) RETURNS e LANGUAGE sql AS 'SELECT $2'; CREATE AGGREGATE last(e) (SFUNC = pick, STYPE = e); COMMENT ON FUNCTION f(e) IS 'f';
-- case: an enum that loses a value under triggers, policies and rules
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a = 'a') EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (a IN ('a', 'b')) WITH CHECK (a <> 'b'); CREATE RULE r AS ON INSERT TO t WHERE NEW.a = 'b' DO INSTEAD NOTHING; ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a = 'a') EXECUTE FUNCTION f(); CREATE POLICY p ON t USING (a IN ('a', 'b')) WITH CHECK (a <> 'b'); CREATE RULE r AS ON INSERT TO t WHERE NEW.a = 'b' DO INSTEAD NOTHING; ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- case: an enum that loses a value in inherited columns with defaults of their own
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e DEFAULT 'a'); CREATE TABLE h (b int) INHERITS (t); ALTER TABLE h ALTER a SET DEFAULT 'b'; CREATE TABLE hh () INHERITS (h);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e DEFAULT 'a'); CREATE TABLE h (b int) INHERITS (t); ALTER TABLE h ALTER a SET DEFAULT 'b'; CREATE TABLE hh () INHERITS (h);
-- case: an enum that loses a value and is the element of a range and a multirange
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TYPE r AS RANGE (SUBTYPE = e); CREATE TABLE t (a r, b r_multirange, c e);
-- after
CREATE TYPE e AS ENUM ('c', 'b'); CREATE TYPE r AS RANGE (SUBTYPE = e); CREATE TABLE t (a r, b r_multirange, c e);
-- case: an enum of another schema keeps its place, its comment, its owner and its privileges
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a', 'b', 'c'); COMMENT ON TYPE s.e IS 'e'; REVOKE USAGE ON TYPE s.e FROM PUBLIC; GRANT USAGE ON TYPE s.e TO pg_monitor; ALTER TYPE s.e OWNER TO pg_monitor; CREATE TABLE t (a s.e);
-- after
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('c', 'a'); COMMENT ON TYPE s.e IS 'e'; REVOKE USAGE ON TYPE s.e FROM PUBLIC; GRANT USAGE ON TYPE s.e TO pg_monitor; ALTER TYPE s.e OWNER TO pg_monitor; CREATE TABLE t (a s.e);
-- case: an enum gets values between, before and after, in one go
CREATE TYPE e AS ENUM ('b', 'd'); CREATE TABLE t (a e DEFAULT 'b', CHECK (a < 'd'));
-- after
CREATE TYPE e AS ENUM ('a', 'aa', 'b', 'c', 'cc', 'd', 'e', 'f'); CREATE TABLE t (a e DEFAULT 'b', CHECK (a < 'd'));
-- case: an enum's new value is in a check, an index, a view, a policy and a function at once
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e);
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'b', CHECK (a <> 'b' OR a IS NULL), b e GENERATED ALWAYS AS ('b'::e) STORED); CREATE INDEX i ON t (a) WHERE a = 'b'; CREATE VIEW v AS SELECT * FROM t WHERE a = 'b'; CREATE POLICY p ON t USING (a = 'b'); CREATE FUNCTION f(x e DEFAULT 'b') RETURNS e LANGUAGE sql RETURN 'b'::e;
-- case: a value's name has quotes, blanks, is empty or long
CREATE TYPE e AS ENUM ('it''s', ' ', ''); CREATE TABLE t (a e DEFAULT '');
-- after
CREATE TYPE e AS ENUM ('it''s', 'back\slash', ' ', '', 'ünï', 'NULL', 'a,b', '{', '012345678901234567890123456789012345678901234567890123456789012'); CREATE TABLE t (a e DEFAULT 'back\slash', b e[] DEFAULT ARRAY['NULL', 'a,b', '{', '', 'it''s']::e[]);
-- case: an enum becomes a domain of its name, and a domain an enum
CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS text; CREATE TABLE t (a e, b d);
-- after
CREATE DOMAIN e AS text; CREATE TYPE d AS ENUM ('a'); CREATE TABLE t (a e, b d);
-- case: an enum becomes a table's text with a check
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e NOT NULL DEFAULT 'a'); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE TABLE t (a text NOT NULL DEFAULT 'a' CHECK (a IN ('a', 'b'))); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;
-- case: one enum is split into two
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'a', b e DEFAULT 'b'); 
-- after
CREATE TYPE ea AS ENUM ('a'); CREATE TYPE eb AS ENUM ('b'); CREATE TABLE t (a ea DEFAULT 'a', b eb DEFAULT 'b');
-- case: an enum moves to another schema with its columns
CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e DEFAULT 'a', b e[]);
-- after
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a', 'b'); CREATE TABLE t (a s.e DEFAULT 'a', b s.e[]);
-- case: an array of an enum becomes one value and the other way round
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e[], b e);
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e, b e[]);
-- case: an enum and a domain over it lose a value, and a column of the domain has a default
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE DOMAIN d AS e DEFAULT 'a' CHECK (VALUE <> 'b'); CREATE DOMAIN dd AS d[] ; CREATE TABLE t (a d DEFAULT 'a', b dd, c d[]);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS e DEFAULT 'a' CHECK (VALUE <> 'b'); CREATE DOMAIN dd AS d[] ; CREATE TABLE t (a d DEFAULT 'a', b dd, c d[]);
-- case: two enums of one table lose values at once, and a check compares them
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TYPE f AS ENUM ('x', 'y'); CREATE TABLE t (a e, b f, CHECK ((a = 'a') = (b = 'x')));
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE f AS ENUM ('y', 'x'); CREATE TABLE t (a e, b f, CHECK ((a = 'a') = (b = 'x')));
-- case: an enum loses a value under a cast, an operator and an exclusion constraint
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE FUNCTION e_int(e) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (e AS int) WITH FUNCTION e_int(e) AS ASSIGNMENT; CREATE FUNCTION e_eq(e, e) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR === (FUNCTION = e_eq, LEFTARG = e, RIGHTARG = e); CREATE TABLE t (a e, EXCLUDE USING btree (a WITH =));
-- after
CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION e_int(e) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE CAST (e AS int) WITH FUNCTION e_int(e) AS ASSIGNMENT; CREATE FUNCTION e_eq(e, e) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR === (FUNCTION = e_eq, LEFTARG = e, RIGHTARG = e); CREATE TABLE t (a e, EXCLUDE USING btree (a WITH =));
-- case: an enum loses a value under extended statistics, a publication's condition and a foreign table (15)
CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (a e NOT NULL PRIMARY KEY, b int); CREATE STATISTICS s ON a, b FROM t; CREATE PUBLICATION p FOR TABLE t WHERE (b > 1); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (a e DEFAULT 'a', b int) SERVER sv;
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (a e NOT NULL PRIMARY KEY, b int); CREATE STATISTICS s ON a, b FROM t; CREATE PUBLICATION p FOR TABLE t WHERE (b > 1); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (a e DEFAULT 'a', b int) SERVER sv;
-- case: an enum goes with the column that used it, and its name becomes a table's
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (a e, b int);
-- after
CREATE TABLE t (b int); CREATE TABLE e (id int PRIMARY KEY, name text);
-- case: a new value comes before all else, though its schema changes as well
CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, x s.e DEFAULT 'a', y text, z int REFERENCES t); CREATE VIEW v AS SELECT id, y FROM t;
-- after
CREATE SCHEMA s; COMMENT ON SCHEMA s IS 'of e'; GRANT USAGE ON SCHEMA s TO pg_monitor; CREATE TYPE s.e AS ENUM ('a', 'n', 'b'); CREATE TABLE t (id int PRIMARY KEY, x s.e DEFAULT 'n', y int, z int REFERENCES t ON DELETE CASCADE); CREATE VIEW v AS SELECT id, y FROM t;
-- case: another order of values, where a domain's default and a range are made with functions of the enum
CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION h(e) RETURNS e LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION f(e) RETURNS e LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT h($1); END; COMMENT ON FUNCTION f(e) IS 'x'; CREATE FUNCTION apart(e, e) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1::float8'; CREATE DOMAIN d AS e DEFAULT f('a'); CREATE TYPE r AS RANGE (subtype = e, subtype_diff = apart); CREATE TABLE t (a d, b d[], c e DEFAULT f('b'), x r);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE FUNCTION h(e) RETURNS e LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION f(e) RETURNS e LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT h($1); END; COMMENT ON FUNCTION f(e) IS 'x'; CREATE FUNCTION apart(e, e) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1::float8'; CREATE DOMAIN d AS e DEFAULT f('a'); CREATE TYPE r AS RANGE (subtype = e, subtype_diff = apart); CREATE TABLE t (a d, b d[], c e DEFAULT f('b'), x r);
-- case: another order of values, where a range goes by an operator class of the enum
CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION compare(e, e) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS o FOR TYPE e USING btree AS FUNCTION 1 compare(e, e), OPERATOR 1 <(anyenum, anyenum), OPERATOR 3 =(anyenum, anyenum); CREATE TYPE r AS RANGE (subtype = e, subtype_opclass = o); CREATE TABLE t (a r, b e); CREATE INDEX ON t (b o);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE FUNCTION compare(e, e) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS o FOR TYPE e USING btree AS FUNCTION 1 compare(e, e), OPERATOR 1 <(anyenum, anyenum), OPERATOR 3 =(anyenum, anyenum); CREATE TYPE r AS RANGE (subtype = e, subtype_opclass = o); CREATE TABLE t (a r, b e); CREATE INDEX ON t (b o);
