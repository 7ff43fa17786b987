"""What the tests need of the machine: Debian's chromium and a PostgreSQL that answers. Names what is missing.

``python tools/check_needs.py postgresql://user@host:port/name`` ends with 0 where everything is there, else with 1.
"""

from __future__ import annotations

import shutil
import sys

import psycopg

CHROMIUM = "Chromium is missing: apt-get install -y chromium"
POSTGRES = """PostgreSQL does not answer at {address}: {fault}
  install and start it:   apt-get install -y postgresql && service postgresql start
  a role for the tests:   su postgres -c "psql -c \\"CREATE ROLE ayni_test LOGIN CREATEDB PASSWORD 'ayni_test'\\""
  then:                   make test POSTGRES=postgresql://ayni_test:ayni_test@127.0.0.1:5432/test"""


def missing(address: str) -> list[str]:
    """One message, with the command that helps, for each thing that is not there."""
    found = [] if shutil.which("chromium") else [CHROMIUM]
    try:
        psycopg.connect(address.rpartition("/")[0] + "/postgres", connect_timeout=5).close()
    except psycopg.OperationalError as fault:
        found.append(POSTGRES.format(address=address, fault=str(fault).strip().splitlines()[0]))
    return found


def main() -> None:
    """Say what is missing."""
    messages = missing(sys.argv[1])
    print("\n".join(messages), end="\n" if messages else "")
    sys.exit(1 if messages else 0)


if __name__ == "__main__":
    main()
