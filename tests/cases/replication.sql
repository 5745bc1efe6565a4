-- case: a subscription comes and goes
-- after
CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere password=secret' PUBLICATION p, "Q" WITH (connect = false, enabled = false, slot_name = NONE, binary, streaming, synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION s IS 'follows';
-- case: a subscription changes (15)
CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = kept, binary, disable_on_error);
-- after
CREATE SUBSCRIPTION s CONNECTION 'dbname=elsewhere' PUBLICATION p, q WITH (connect = false, enabled = false, slot_name = NONE, streaming, synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION s IS 'more';
-- case: a publication of schemas (15)
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (x int PRIMARY KEY); CREATE PUBLICATION p FOR TABLES IN SCHEMA a; COMMENT ON PUBLICATION p IS 'one';
-- after
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (x int PRIMARY KEY); CREATE TABLE b.u (y int);
CREATE PUBLICATION p FOR TABLES IN SCHEMA b, TABLE a.t WITH (publish_via_partition_root); COMMENT ON PUBLICATION p IS 'two';
-- case: a publication loses and gains tables (15)
CREATE TABLE t (a int PRIMARY KEY, b text); CREATE TABLE u (a int PRIMARY KEY); CREATE TABLE w (a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t WHERE (a > 1 AND b IS NULL), TABLE u; CREATE PUBLICATION every FOR ALL TABLES; CREATE PUBLICATION none;
-- after
CREATE TABLE t (a bigint PRIMARY KEY, c int); CREATE TABLE w (a int PRIMARY KEY); CREATE TABLE x (a int PRIMARY KEY, b int);
CREATE PUBLICATION p FOR TABLE t (a), TABLE w, TABLE x (a, b) WITH (publish = 'insert, update'); CREATE PUBLICATION every FOR ALL TABLES WITH (publish = 'delete'); CREATE PUBLICATION none FOR TABLE w;
-- case: a publication's condition as the server keeps it (15)
CREATE TABLE t (a int PRIMARY KEY, b text);
-- after
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE PUBLICATION p FOR TABLE t WHERE (b IN ('x', 'y') AND a BETWEEN 1 AND 5) WITH (publish = 'insert');
-- case: a published table is made again
CREATE TABLE t (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE PUBLICATION p FOR TABLE t;
-- after
CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE PUBLICATION p FOR TABLE t;
-- case: a publication of several tables, and one more and one less (14)
CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (i int PRIMARY KEY); CREATE TABLE c (i int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE a, b;
-- after
CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (i int PRIMARY KEY); CREATE TABLE c (i int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE b, c; CREATE PUBLICATION q FOR TABLE a, b, c;
