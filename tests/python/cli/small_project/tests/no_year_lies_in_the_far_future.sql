select * from {{ ref('stg_extraction__meta_analyses') }} where year > 2100
