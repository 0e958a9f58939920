-- Events: one run of this script adds all of a call's events to the stream, or none.
--
-- KEYS  1 the stream
-- ARGV  1 publish, 2 how many events the stream keeps, about; then of each event its
--       fields: id, kind, checkout, sequence, at, data

for at = 3, #ARGV, 6 do
  local id, kind, checkout, sequence, time, data = unpack(ARGV, at, at + 5)
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'id', id, 'kind', kind, 'checkout', checkout,
    'sequence', sequence, 'at', time, 'data', data)
end
return {(#ARGV - 2) / 6}
