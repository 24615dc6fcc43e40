-- Grain: one row per valid row of the sheet cohen_bands.
{{ config(post_hook="{{ create_cohen_band_macro() }}") }}
{{ stage_sheet('cohen_bands') }}
