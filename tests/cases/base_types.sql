-- case: a base type comes with its functions
CREATE SCHEMA s;
-- after
CREATE SCHEMA s; CREATE TYPE s.pair;
CREATE FUNCTION s.pair_in(cstring) RETURNS s.pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION s.pair_out(s.pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE FUNCTION s.pair_recv(internal) RETURNS s.pair LANGUAGE internal IMMUTABLE STRICT AS 'int8recv';
CREATE FUNCTION s.pair_send(s.pair) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int8send';
CREATE TYPE s.pair (INPUT = s.pair_in, OUTPUT = s.pair_out, RECEIVE = s.pair_recv, SEND = s.pair_send, LIKE = bigint,
    CATEGORY = 'N', PREFERRED = true, DEFAULT = '7', DELIMITER = ';');
COMMENT ON TYPE s.pair IS 'two in one'; REVOKE USAGE ON TYPE s.pair FROM PUBLIC; COMMENT ON FUNCTION s.pair_in(cstring) IS 'reads';
-- case: a base type with everything that stands on it
CREATE TABLE t (id int);
-- after
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint);
CREATE FUNCTION pair_lt(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8lt';
CREATE FUNCTION pair_le(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8le';
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8eq';
CREATE FUNCTION pair_ge(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8ge';
CREATE FUNCTION pair_gt(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8gt';
CREATE FUNCTION pair_cmp(pair, pair) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint8cmp';
CREATE OPERATOR < (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >, NEGATOR = >=);
CREATE OPERATOR <= (FUNCTION = pair_le, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >=, NEGATOR = >);
CREATE OPERATOR = (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =);
CREATE OPERATOR >= (FUNCTION = pair_ge, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <=, NEGATOR = <);
CREATE OPERATOR > (FUNCTION = pair_gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <, NEGATOR = <=);
CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 pair_cmp(pair, pair);
CREATE CAST (pair AS bigint) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE DOMAIN small AS pair CHECK (VALUE < '100'::pair); CREATE TYPE pairs AS RANGE (SUBTYPE = pair);
CREATE TYPE couple AS (a pair, b pair[]);
CREATE FUNCTION next(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS $$ SELECT ($1::bigint + 1)::text::pair $$;
CREATE TABLE t (id int, a pair DEFAULT '1' PRIMARY KEY, b pair[], c small, d pairs, e couple, CHECK (a > '0'::pair));
CREATE VIEW v AS SELECT a FROM t WHERE a < '5'::pair;
-- case: what a type can do is changed where it is
CREATE TYPE word;
CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION word_recv(internal) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textrecv';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, RECEIVE = word_recv, TYPMOD_IN = varchartypmodin, ANALYZE = array_typanalyze, STORAGE = external);
CREATE DOMAIN said AS word; CREATE TABLE t (a word, b word[], c said, d word);
ALTER TABLE t ALTER COLUMN d SET STORAGE main;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
-- after
CREATE TYPE word;
CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION word_send(word) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, SEND = word_send, TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout, STORAGE = extended);
CREATE DOMAIN said AS word; CREATE TABLE t (a word, b word[], c said, d word);
ALTER TABLE t ALTER COLUMN d SET STORAGE main;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
-- case: a type is made anew while columns hold it
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION pair_recv(internal) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, RECEIVE = pair_recv, LIKE = int);
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE OPERATOR = (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =, HASHES);
CREATE FUNCTION pair_hash(pair) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING hash AS OPERATOR 1 =, FUNCTION 1 pair_hash(pair);
CREATE DOMAIN small AS pair; CREATE FUNCTION same(p pair) RETURNS pair LANGUAGE sql AS 'SELECT p';
CREATE TABLE t (id int PRIMARY KEY, a pair DEFAULT '3', b pair[], c small); CREATE INDEX i ON t USING hash (a);
INSERT INTO t VALUES (1, '4', '{5,6}', '7'); CREATE VIEW v AS SELECT a, same(a) AS b FROM t WHERE a = '4'::pair; COMMENT ON TYPE pair IS 'one';
-- after
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE FUNCTION pair_send(pair) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int8send';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, SEND = pair_send, LIKE = bigint);
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8eq';
CREATE OPERATOR = (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =, HASHES);
CREATE FUNCTION pair_hash(pair) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'hashint8';
CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING hash AS OPERATOR 1 =, FUNCTION 1 pair_hash(pair);
CREATE DOMAIN small AS pair; CREATE FUNCTION same(p pair) RETURNS pair LANGUAGE sql AS 'SELECT p';
CREATE TABLE t (id int PRIMARY KEY, a pair DEFAULT '3', b pair[], c small); CREATE INDEX i ON t USING hash (a);
CREATE VIEW v AS SELECT a, same(a) AS b FROM t WHERE a = '4'::pair; COMMENT ON TYPE pair IS 'two';
-- case: a type is made anew and nothing holds it
CREATE TYPE word;
CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, STORAGE = extended); CREATE FUNCTION f(word) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TYPE word;
CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal STABLE STRICT AS 'textout';
CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, COLLATABLE = true, ALIGNMENT = double, CATEGORY = 'S', DEFAULT = 'it''s'); CREATE FUNCTION f(word) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- case: a type gets other functions
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- after
CREATE TYPE pair;
CREATE FUNCTION of_text(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = of_text, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- case: a type's functions are replaced where they are
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- after
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal STABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- case: shells
CREATE TYPE a; CREATE TYPE b; COMMENT ON TYPE a IS 'to come';
CREATE FUNCTION c_in(cstring) RETURNS a LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION c_out(a) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
-- after
CREATE TYPE a; CREATE TYPE c; COMMENT ON TYPE c IS 'to come';
CREATE FUNCTION c_in(cstring) RETURNS a LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION c_out(a) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE a (INPUT = c_in, OUTPUT = c_out, LIKE = bigint);
-- case: a base type takes the place of an enum
CREATE TYPE pair AS ENUM ('1', '2'); CREATE TABLE t (a pair);
-- after
CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- case: a base type goes to another schema
CREATE SCHEMA s; CREATE TYPE pair;
CREATE FUNCTION pair_in(cstring) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a pair);
-- after
CREATE SCHEMA s; CREATE TYPE s.pair;
CREATE FUNCTION pair_in(cstring) RETURNS s.pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION pair_out(s.pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE s.pair (INPUT = pair_in, OUTPUT = pair_out, LIKE = bigint); CREATE TABLE t (a s.pair);
-- case: a type of points with elements
CREATE TABLE t (id int);
-- after
CREATE TYPE spot;
CREATE FUNCTION spot_in(cstring) RETURNS spot LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION spot_out(spot) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE TYPE spot (INPUT = spot_in, OUTPUT = spot_out, INTERNALLENGTH = 16, ALIGNMENT = double, ELEMENT = float8);
CREATE TABLE t (id int, a spot, b spot[], x float8 GENERATED ALWAYS AS (1) STORED); CREATE VIEW v AS SELECT a[0] AS x FROM t;
-- case: complex numbers with arithmetic, a sum and an index
CREATE TABLE t (id int);
-- after
CREATE TYPE complex;
CREATE FUNCTION complex_in(cstring) RETURNS complex LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION complex_out(complex) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE FUNCTION complex_recv(internal) RETURNS complex LANGUAGE internal IMMUTABLE STRICT AS 'point_recv';
CREATE FUNCTION complex_send(complex) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'point_send';
CREATE TYPE complex (INTERNALLENGTH = 16, INPUT = complex_in, OUTPUT = complex_out, RECEIVE = complex_recv, SEND = complex_send, ALIGNMENT = double);
CREATE CAST (complex AS point) WITHOUT FUNCTION; CREATE CAST (point AS complex) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE FUNCTION complex_add(complex, complex) RETURNS complex LANGUAGE internal IMMUTABLE STRICT AS 'point_add';
CREATE OPERATOR + (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_add, COMMUTATOR = +);
CREATE AGGREGATE total(complex) (SFUNC = complex_add, STYPE = complex, INITCOND = '(0,0)');
CREATE FUNCTION size(complex) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT ($1::point <-> point '(0,0)') $$;
CREATE FUNCTION complex_lt(complex, complex) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT size($1) < size($2)';
CREATE FUNCTION complex_le(complex, complex) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT size($1) <= size($2)';
CREATE FUNCTION complex_eq(complex, complex) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT size($1) = size($2)';
CREATE FUNCTION complex_ge(complex, complex) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT size($1) >= size($2)';
CREATE FUNCTION complex_gt(complex, complex) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT size($1) > size($2)';
CREATE FUNCTION complex_cmp(complex, complex) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT btfloat8cmp(size($1), size($2))';
CREATE OPERATOR < (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_lt, COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_le, COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR = (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_eq, COMMUTATOR = =, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR >= (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_ge, COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR > (LEFTARG = complex, RIGHTARG = complex, FUNCTION = complex_gt, COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR CLASS by_size DEFAULT FOR TYPE complex USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 complex_cmp(complex, complex);
CREATE TABLE t (id int, z complex, w complex DEFAULT '(1,0)'); CREATE INDEX i ON t (z);
CREATE VIEW v AS SELECT total(z) AS z, total(z + w) AS w FROM t WHERE z > '(0,1)'::complex;
