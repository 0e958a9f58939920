-- Marks: of many who note a key, one is told that it was the first.
--
-- KEYS  1 the mark
-- ARGV  1 mark, 2 who notes it, 3 until which millisecond it is kept

if redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PXAT', ARGV[3]) then return {1} end
if redis.call('GET', KEYS[1]) == ARGV[2] then return {1} end -- sent again, since the answer was lost
return {0}
