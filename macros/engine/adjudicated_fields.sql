{% macro adjudicated_fields() %}
    {{ return([
        ('measure', 'varchar'), ('estimate', 'double'), ('ci_low', 'double'), ('ci_high', 'double'),
        ('p_value', 'double'), ('n_comparisons', 'bigint'), ('n_total', 'bigint'), ('i2', 'double'),
        ('comparator', 'varchar'), ('guidance', 'varchar'), ('therapy', 'varchar'),
        ('analysis_set', 'varchar'), ('favourable_direction', 'varchar'),
        ('synthesis_model', 'varchar'),
    ]) }}
{% endmacro %}
