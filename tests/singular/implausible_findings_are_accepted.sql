-- Nothing is published while an implausible finding is neither corrected nor accepted by a row of
-- the sheet acknowledgements. `umbrella build --draft` leaves this test out.
select
    sheet,
    row_number,
    row_id,
    column_names,
    printed,
    why,
    candidate
from {{ ref('fct_findings') }}
where stops_publication
