{#- A number on the scale on which its interval is symmetric: of plain ratios the logarithm, of
    correlations Fisher's z. What rounds to 0, 1 or -1 stands for the utmost number. -#}

{% macro straight(number) -%}
    case
        when {{ number }} is null then null
        when drawn_as = 'exp' then ln({{ greatest_of([number, '1e-9']) }})
        when drawn_as = 'tanh' then atanh({{ greatest_of(['-1 + 1e-9', least_of(['1 - 1e-9', number])]) }})
        else {{ number }}
    end
{%- endmacro %}


{#- Back to what is printed. -#}
{% macro shown_back(number) -%}
    case drawn_as
        when 'exp' then exp({{ number }})
        when 'tanh' then tanh({{ number }})
        else {{ number }}
    end
{%- endmacro %}
