{% macro mark_as_begun() %}
    {% if flags.WHICH in ('build', 'run', 'seed', 'snapshot', 'clone', 'retry') %}
        create schema if not exists build;
        drop table if exists build.steps;
        create or replace table build.state as
        select unnest(build_begun());
    {% endif %}
{% endmacro %}


{% macro mark_as_complete(results) %}
    {% if execute and flags.WHICH == 'build' and not flags.EMPTY %}
        {% set done = [] %}
        {% for result in results if result.status in ('success', 'pass', 'warn') %}
            {% do done.append(result.node.unique_id) %}
        {% endfor %}
        {% set needed = graph.nodes.values()
            | selectattr('resource_type', 'in', ['seed', 'model', 'test'])
            | map(attribute='unique_id') %}
        {% if not needed | reject('in', done) | list %}
            update build.state set is_complete = true;
        {% endif %}
    {% endif %}
{% endmacro %}
