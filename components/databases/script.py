"""The SQL that gives a miner its databases and roles."""

FILE_NAME = "databases.sql"

SCRIPT = r"""-- Gives one owner its databases and two logins. Runs as the server's administrator, who is no superuser on
-- RDS; every statement may be repeated. Names and verifiers come from the environment, quoted by format().
\set ON_ERROR_STOP on
\getenv owner OWNER
\getenv databases DATABASES
\getenv login_a LOGIN_A
\getenv login_b LOGIN_B
\getenv verifier_a VERIFIER_A
\getenv verifier_b VERIFIER_B

-- Statements are logged: what is no verifier would be logged, and stored, as the password that it is.
SELECT bool_or(verifier !~ '^SCRAM-SHA-256[$]4096:[A-Za-z0-9+/]{22}==[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$')
  AS malformed FROM (VALUES (:'verifier_a'), (:'verifier_b')) AS given (verifier) \gset
\if :malformed
DO $$ BEGIN RAISE EXCEPTION 'a login comes without a SCRAM-SHA-256 verifier: nothing was changed'; END $$;
\endif

-- One at a time: two jobs that change the same row of a catalogue would fail one another.
SELECT FROM pg_advisory_lock(hashtextextended('teranode-infra databases', 0));

SELECT format('CREATE ROLE %I NOLOGIN', :'owner')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec

-- Only a member of a role may hand a database to it and speak for it afterwards.
SELECT format('GRANT %I TO CURRENT_USER', :'owner') \gexec

SELECT format('CREATE ROLE %I NOLOGIN', login) FROM (VALUES (:'login_a'), (:'login_b')) AS wanted (login)
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) \gexec
SELECT format('GRANT %I TO %I', :'owner', login) FROM (VALUES (:'login_a'), (:'login_b')) AS wanted (login) \gexec
-- Whichever login creates a table, it belongs to the owner, and the other login may change it.
SELECT format('ALTER ROLE %I SET role TO %L', login, :'owner')
  FROM (VALUES (:'login_a'), (:'login_b')) AS wanted (login) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', login, verifier)
  FROM (VALUES (:'login_a', :'verifier_a'), (:'login_b', :'verifier_b')) AS wanted (login, verifier) \gexec

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', wanted, :'owner')
  FROM unnest(string_to_array(:'databases', ',')) AS wanted
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = wanted) \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', wanted)
  FROM unnest(string_to_array(:'databases', ',')) AS wanted \gexec

-- A login has no business in the server's own databases either.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname) FROM pg_database
  WHERE datname IN ('postgres', 'template1') AND pg_has_role(datdba, 'USAGE') \gexec
"""
