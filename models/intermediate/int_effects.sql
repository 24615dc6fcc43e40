-- Grain: one row per valid reported effect, on the analysis scale and signed so that above zero
-- favours the intervention. Nothing is dropped: what cannot be pooled says why.
with

{{ converted_effects(ref('int_adjudicated_effects')) }}

select * from final
