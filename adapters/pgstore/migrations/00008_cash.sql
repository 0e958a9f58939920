-- Whose cash orders came back: checkouts that became an order, by any name of whoever bought. Names that are not there
-- match nobody. What is personal is erased here with the row's own.
CREATE INDEX checkouts_buyers ON {schema}.checkouts USING gin ((ARRAY[
    'o' || owner,
    'p' || nullif(personal -> 'billing' ->> 'phone', ''),
    'p' || nullif(personal -> 'shipping' ->> 'phone', ''),
    'e' || nullif(personal -> 'billing' ->> 'email', '')
])) WHERE status NOT IN ('open', 'pending_payment');
