-- Grain: one row. With SMALL_PROJECT_SLOW set it runs for minutes, so that a test can stop it.
{% set size = 10000000 if env_var('SMALL_PROJECT_SLOW', '') else 10 %}
select sum(hash(a.range, b.range) % 7) as total
from range({{ size }}) as a, range({{ size }}) as b
