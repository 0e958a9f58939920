-- Reservations of one store: every call of the Reserver is one run of this script,
-- which Redis executes whole and alone. It is made of the files beside this one, in
-- the order of their numbers.
--
-- KEYS  1 levels        hash  item@location -> {on hand, allocated, limit, revision,
--                             policy, generation}; and what is said of all of them:
--                             locations, run, beat, generation, pending
--       2 free          hash  item@location -> what may still be reserved, budget included
--       3 reservations  hash  id -> record, see below
--       4 due           zset  ids, joined by spaces, by when to look at them again
-- ARGV  1 operation, 2 milliseconds to add to the server's clock (tests only), 3... its arguments
--
-- A record is text: a letter for the state, then after spaces the second and the
-- microsecond it was granted, its place among those granted then, how many
-- milliseconds after its creation it expires, when it ended, and the lines as
-- "key quantity key quantity"; then a newline and the owner.

local LEVELS, FREE, RESERVATIONS, DUE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local operation = ARGV[1]
local clock = redis.call('TIME')
local sec, usec = clock[1], clock[2]
if ARGV[2] ~= '0' then
  local ms = sec * 1000 + math.floor(usec / 1000) + ARGV[2]
  usec = string.format('%.0f', ms % 1000 * 1000 + usec % 1000)
  sec = string.format('%.0f', math.floor(ms / 1000))
end
local now = sec * 1000 + math.floor(usec / 1000)

-- These two grant what nearly every call asks for: reservations with new ids, from
-- one location each, with nothing to replace and enough of everything. The answer is
-- the time. What is not so is left, with nothing written, to the code further down,
-- which decides each request by itself.

-- one: id, key, quantity with a minus, milliseconds, record from the milliseconds on.
local function grantOne()
  local id, key, quantity = ARGV[3], ARGV[4], ARGV[5]
  if redis.call('HSETNX', RESERVATIONS, id, 'a' .. sec .. ' ' .. usec .. ' 1 ' .. ARGV[7]) == 0 then return nil end
  if redis.call('HINCRBY', FREE, key, quantity) < 0 then
    redis.call('HDEL', RESERVATIONS, id)
    if redis.call('HINCRBY', FREE, key, string.sub(quantity, 2)) == 0 and redis.call('HEXISTS', LEVELS, key) == 0 then
      redis.call('HDEL', FREE, key)
    end
    return nil
  end
  redis.call('ZADD', DUE, now + ARGV[6], id)
  return now
end

-- many: the numbers of requests, of keys and of groups; the keys; what is wanted of
-- each in all; of each group the milliseconds and the ids; the ids; the records.
local function grantMany()
  local n, kinds, groups = ARGV[3] + 0, ARGV[4] + 0, ARGV[5] + 0
  local keys = 5
  local ids = keys + 2 * kinds + 2 * groups
  local tails = ids + n
  local found = redis.call('HMGET', RESERVATIONS, unpack(ARGV, ids + 1, ids + n))
  for i = 1, n do
    if found[i] then return nil end
  end
  local free, left = redis.call('HMGET', FREE, unpack(ARGV, keys + 1, keys + kinds)), {}
  for k = 1, kinds do
    if not free[k] then return nil end
    local rest = free[k] - ARGV[keys + kinds + k]
    if rest < 0 then return nil end
    left[2 * k - 1], left[2 * k] = ARGV[keys + k], rest
  end
  local head, records = 'a' .. sec .. ' ' .. usec .. ' ', {}
  for i = 1, n do
    records[2 * i - 1], records[2 * i] = ARGV[ids + i], head .. i .. ' ' .. ARGV[tails + i]
  end
  if redis.call('HSET', RESERVATIONS, unpack(records)) < n then -- an id came twice
    redis.call('HDEL', RESERVATIONS, unpack(ARGV, ids + 1, ids + n))
    return nil
  end
  redis.call('HSET', FREE, unpack(left))
  for at = keys + 2 * kinds + 1, ids, 2 do
    redis.call('ZADD', DUE, now + ARGV[at], ARGV[at + 1])
  end
  return now
end

-- brief grants what was asked briefly, if it can.
local function brief()
  if operation == 'one' then return grantOne() end
  if operation == 'many' then return grantMany() end
end

-- Whether anything is due is looked at now and then only: it matters to whoever finds
-- too little, and they look again.
local overdue = usec % 16 == 0 or operation == 'many' and ARGV[3] + 0 > 8
if overdue then overdue = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, 1)[1] end
if not overdue then
  local granted = brief()
  if granted then return granted end
end
