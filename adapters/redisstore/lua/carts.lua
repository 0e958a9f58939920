-- Carts: each call of Carts that writes is one run of this script.
--
-- KEYS  1 the owner's cart  hash  id, version, body, write: the mark of the save that wrote it
--       2 idle              zset  id, NUL, owner of carts with lines, by microsecond of their last change
-- ARGV  1 operation, 2 owner, 3... its arguments

local CART, IDLE = KEYS[1], KEYS[2]

-- leave takes the cart that is stored out of the index.
local function leave(id)
  if id then redis.call('ZREM', IDLE, id .. '\0' .. ARGV[2]) end
end

local operations = {}

-- save: expected version, version, id, body, mark, microsecond or nothing for a cart
-- without lines, milliseconds to live. Answers 1, or 0 and what is stored instead.
function operations.save()
  local expected, version, id, body, mark, at, life = unpack(ARGV, 3)
  local stored = redis.call('HMGET', CART, 'id', 'version', 'body', 'write')
  if stored[4] == mark then return {1} end -- sent again, since the answer was lost
  if (stored[2] or '0') ~= expected or stored[1] and stored[1] ~= id then return {0, stored[3] or ''} end
  leave(stored[1])
  redis.call('HSET', CART, 'id', id, 'version', version, 'body', body, 'write', mark)
  redis.call('PEXPIRE', CART, life)
  if at ~= '' then redis.call('ZADD', IDLE, at, id .. '\0' .. ARGV[2]) end
  -- Carts that have expired are in the index no longer than a day.
  local now = redis.call('TIME')[1] * 1000
  redis.call('ZREMRANGEBYSCORE', IDLE, '-inf', string.format('%.0f', (now - life - 86400000) * 1000))
  return {1}
end

function operations.delete()
  leave(redis.call('HGET', CART, 'id'))
  redis.call('DEL', CART)
  return {1}
end

return operations[ARGV[1]]()
