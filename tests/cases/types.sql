-- case: enum gets values
CREATE TYPE e AS ENUM ('a', 'c'); CREATE TABLE t (x e DEFAULT 'a', y e[]);
-- after
CREATE TYPE e AS ENUM ('z', 'a', 'b', 'c', 'd'); CREATE TABLE t (x e DEFAULT 'b', y e[]);
-- case: enum loses and reorders with everything on it
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (x e DEFAULT 'a' NOT NULL, y e[], CHECK (x <> 'c'));
CREATE INDEX i ON t (x) WHERE x = 'a';
CREATE VIEW v AS SELECT x FROM t WHERE x = 'b';
CREATE FUNCTION f(p e) RETURNS e LANGUAGE sql AS 'SELECT p';
CREATE POLICY pol ON t USING (x = 'a');
-- after
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE t (x e DEFAULT 'a' NOT NULL, y e[], CHECK (x <> 'b'));
CREATE INDEX i ON t (x) WHERE x = 'a';
CREATE VIEW v AS SELECT x FROM t WHERE x = 'b';
CREATE FUNCTION f(p e) RETURNS e LANGUAGE sql AS 'SELECT p';
CREATE POLICY pol ON t USING (x = 'a');
-- case: domains
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (x d);
-- after
CREATE DOMAIN d AS int DEFAULT 3 NOT NULL CHECK (VALUE > 1) CONSTRAINT odd CHECK (VALUE % 2 = 1); CREATE TABLE t (x d);
CREATE DOMAIN e AS varchar(5) COLLATE "C";
-- case: a domain changes its type
CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (x d);
-- after
CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TABLE t (x d);
-- case: composites and ranges
CREATE TYPE c AS (a int, b text); CREATE TABLE t (x c);
-- after
CREATE TYPE c AS (a int, d numeric(5,2)); CREATE TABLE t (x c);
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi); CREATE TABLE u (r r, m r_multirange);
-- case: enum becomes text
CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e DEFAULT 'a');
-- after
CREATE TABLE t (x text DEFAULT 'a');
-- case: a type is made anew while its columns change otherwise
CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (x e, y e NOT NULL DEFAULT 'a'); CREATE VIEW v AS SELECT x, y FROM t;
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE TABLE t (x e NOT NULL, y e DEFAULT 'b'); CREATE VIEW v AS SELECT x, y FROM t;
-- case: attributes of a type that columns hold change their order and types, come and go
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE price AS (currency char(3), amount numeric(10,2), m mood, old int);
CREATE TABLE t (total price, fees price[]);
-- after
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TYPE price AS (amount numeric(12,4), currency varchar(3), note text, m mood);
CREATE TABLE t (total price, fees price[]);
-- case: a domain with checks changes its type
CREATE DOMAIN mail AS text CHECK (VALUE ~ '@'); CREATE TABLE t (a mail NOT NULL, b mail[]);
-- after
CREATE DOMAIN mail AS varchar(80) CHECK (VALUE ~ '@'); CREATE TABLE t (a mail NOT NULL, b mail[]);
-- case: a domain gets the type that a swapped one stands on
CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e CHECK (VALUE <> 'b'); CREATE TABLE t (x d);
-- after
CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS e CHECK (VALUE <> 'a'); CREATE TABLE t (x d);

-- case: an attribute with a comment goes
CREATE TYPE c AS (x int, y text);
COMMENT ON COLUMN c.y IS 'yy';
-- after
CREATE TYPE c AS (x int);
-- case: a check calls a function of its table's rows, and a column holds such rows
-- after
CREATE TABLE t (id int); CREATE FUNCTION ok(t) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true'; ALTER TABLE t ADD CHECK (ok(t)); CREATE TABLE u (a t);
-- case: an operator class that a range in use goes by
CREATE FUNCTION compare(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 compare(int, int); CREATE TYPE r AS RANGE (subtype = int, subtype_opclass = o); CREATE TABLE t (a r);
-- after
CREATE FUNCTION compare(int, other int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, FUNCTION 1 compare(int, int); CREATE TYPE r AS RANGE (subtype = int, subtype_opclass = o); CREATE TABLE t (a r);
-- case: numbers that only another type leads to
CREATE TABLE t (a money, b money, c real, d smallint, e bit(3), f bit(5), g money[]);
-- after
CREATE TABLE t (a float8, b int, c money, d money, e smallint, f numeric, g int[]);
-- case: a range gets a function that makes spellings one, while a column holds it, and one goes
CREATE TYPE r AS RANGE (subtype = int); CREATE TABLE t (a r, b r_multirange); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE q; CREATE FUNCTION whole(q) RETURNS q LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical'; CREATE TYPE q AS RANGE (subtype = int, canonical = whole);
-- after
CREATE TYPE r; CREATE FUNCTION whole(r) RETURNS r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical'; CREATE TYPE r AS RANGE (subtype = int, canonical = whole); CREATE TABLE t (a r, b r_multirange); CREATE VIEW v AS SELECT a FROM t;
-- case: a base type that is made again, and a column's modifier of it
CREATE TYPE bt; CREATE FUNCTION bin(cstring, oid, int) RETURNS bt LANGUAGE internal IMMUTABLE STRICT AS 'varcharin'; CREATE FUNCTION bout(bt) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout'; CREATE FUNCTION btm(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin'; CREATE FUNCTION bto(int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout'; CREATE TYPE bt (INPUT = bin, OUTPUT = bout, TYPMOD_IN = btm, TYPMOD_OUT = bto, INTERNALLENGTH = VARIABLE); CREATE TABLE t (a bt(5));
-- after
CREATE TYPE bt; CREATE FUNCTION bin(cstring, oid, int) RETURNS bt LANGUAGE internal IMMUTABLE STRICT AS 'varcharin'; CREATE FUNCTION bout(bt) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout'; CREATE FUNCTION btm(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin'; CREATE FUNCTION bto(int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout'; CREATE TYPE bt (INPUT = bin, OUTPUT = bout, TYPMOD_IN = btm, TYPMOD_OUT = bto, INTERNALLENGTH = VARIABLE, CATEGORY = 'S'); CREATE TABLE t (a bt(7));
-- case: numbers of objects become their names while these are there
CREATE TABLE t (n int); CREATE SCHEMA s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE c (a regclass, b regproc, c regnamespace, d int4range);
-- after
CREATE TABLE c (a text, b text, c text, d int4multirange);
-- case: what reads an attribute of a composite type reads another one
CREATE TYPE c AS (a int, b int); CREATE TABLE t (x c, CHECK ((x).b > 0), g int GENERATED ALWAYS AS ((x).b) STORED); CREATE INDEX i ON t (((x).b)); CREATE VIEW v AS SELECT (x).b AS k FROM t; COMMENT ON VIEW v IS 'x'; CREATE FUNCTION f(c) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.b; CREATE INDEX j ON t (f(x));
-- after
CREATE TYPE c AS (a int, d int); CREATE TABLE t (x c, CHECK ((x).d > 0), g int GENERATED ALWAYS AS ((x).a) STORED); CREATE INDEX i ON t (((x).d)); CREATE VIEW v AS SELECT (x).a AS k FROM t; COMMENT ON VIEW v IS 'x'; CREATE FUNCTION f(c) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.d; CREATE INDEX j ON t (f(x));
