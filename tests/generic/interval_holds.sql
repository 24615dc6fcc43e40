{% test interval_holds(model, column_name, low, high) %}
    select *
    from {{ model }}
    where {{ column_name }} < {{ low }} - 1e-12 or {{ column_name }} > {{ high }} + 1e-12
{% endtest %}
