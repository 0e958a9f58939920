
-- From here on cases are decided one by one. What this run has read and what it
-- will write is kept in tables until flush.

local REMEMBERED, MAXQUANTITY, CHUNK, TOGETHER = 3600000, 1000000000, 1000, 32
local STATES = {a = 'active', r = 'released', e = 'expired', p = 'replaced', v = 'voided'}
local ONHAND, ALLOCATED, LIMIT, REVISION, POLICY, GENERATION = 1, 2, 3, 4, 5, 6
local levels, reserved, reservations = {}, {}, {}
local changed, forgotten, moved, due = {}, {}, {}, {}

local function chunks(list, each)
  for from = 1, #list, CHUNK do
    each({unpack(list, from, math.min(from + CHUNK - 1, #list))})
  end
end

-- decode reads a record.
local function decode(text)
  local state, s, us, n, ttl, ended, lines, owner = string.match(text, '^(%a)(%d+) (%d+) (%d+) (%d+) (%d+) ([^\n]*)\n(.*)$')
  local created = s * 1000 + math.floor(us / 1000)
  local r = {
    state = state, created = created, expires = created + ttl, ended = ended + 0, granted = {s + 0, us + 0, n + 0},
    head = s .. ' ' .. us .. ' ' .. n, sent = lines .. '\n' .. owner, owner = owner, lines = {},
  }
  for key, quantity in string.gmatch(lines, '(%S+) (%d+)') do
    r.lines[#r.lines + 1] = key
    r.lines[#r.lines + 1] = quantity + 0
  end
  return r
end

local function encode(r)
  return r.state .. r.head .. string.format(' %.0f %.0f ', r.expires - r.created, r.ended) .. r.sent
end

local function budget(l)
  if l[POLICY] == 'backorder' then return l[LIMIT] end
  return 0
end

-- capacity is what may be reserved of a level in all.
local function capacity(l)
  if l[POLICY] == 'untracked' then return 2 ^ 52 end
  return l[ONHAND] - l[ALLOCATED] + budget(l)
end

-- read fills a cache from a hash; what is not there is false.
local function read(hash, cache, fields, how)
  local missing = {}
  for _, f in ipairs(fields) do
    if cache[f] == nil then
      cache[f] = false
      missing[#missing + 1] = f
    end
  end
  chunks(missing, function(part)
    local values = redis.call('HMGET', hash, unpack(part))
    for i, f in ipairs(part) do
      if values[i] then cache[f] = how(values[i], f) end
    end
  end)
end

local function readReservations(ids) read(RESERVATIONS, reservations, ids, decode) end
local function readLevels(keys)
  read(LEVELS, levels, keys, cmsgpack.unpack)
  read(FREE, reserved, keys, function(free, key) return levels[key] and capacity(levels[key]) - free end)
end

local function hold(lines, sign)
  for i = 1, #lines, 2 do
    local key = lines[i]
    readLevels({key})
    reserved[key] = (reserved[key] or 0) + sign * lines[i + 1]
    moved[key] = true
  end
end

-- finish ends an active reservation. It stays due when it was: reclaim looks then.
local function finish(id, r, state, at)
  r.state, r.ended = state, at
  hold(r.lines, -1)
  changed[id] = true
end

-- known is what is known of a reservation: it ends one whose time is over, and says
-- false once it is to be forgotten.
local function known(id)
  local r = reservations[id]
  if r and r.state == 'a' and r.expires <= now then finish(id, r, 'e', r.expires) end
  if r and r.state ~= 'a' and r.expires + REMEMBERED <= now then
    reservations[id], forgotten[id], changed[id] = false, true, nil
  end
  return reservations[id]
end

-- later puts ids where reclaim finds them again.
local function later(id, at)
  due[at] = due[at] or {}
  due[at][#due[at] + 1] = id
end

local function flush()
  local list = {}
  for key in pairs(moved) do
    if levels[key] then
      list[#list + 1] = key
      list[#list + 1] = capacity(levels[key]) - reserved[key]
    end
  end
  chunks(list, function(part) redis.call('HSET', FREE, unpack(part)) end)
  list = {}
  for id in pairs(changed) do
    list[#list + 1] = id
    list[#list + 1] = encode(reservations[id])
  end
  chunks(list, function(part) redis.call('HSET', RESERVATIONS, unpack(part)) end)
  list = {}
  for id in pairs(forgotten) do list[#list + 1] = id end
  chunks(list, function(part) redis.call('HDEL', RESERVATIONS, unpack(part)) end)
  for at, ids in pairs(due) do
    for from = 1, #ids, TOGETHER do
      redis.call('ZADD', DUE, at, table.concat(ids, ' ', from, math.min(from + TOGETHER - 1, #ids)))
    end
  end
  changed, forgotten, moved, due = {}, {}, {}, {}
end

-- reclaim looks at what is due: it ends what has expired, forgets what ended long
-- enough ago, and puts the rest where it is due next. It answers how many groups of
-- ids it looked at; no more than a few hundred ids, since everybody waits.
local function reclaim()
  local groups, seen, ids = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, 128), {}, {}
  for _, group in ipairs(groups) do
    if #ids >= 256 then break end
    seen[#seen + 1] = group
    for id in string.gmatch(group, '%S+') do ids[#ids + 1] = id end
  end
  readReservations(ids)
  for _, id in ipairs(ids) do
    local r = known(id)
    if r and r.state == 'a' then
      later(id, r.expires) -- extended meanwhile
    elseif r then
      later(id, r.expires + REMEMBERED)
    end
  end
  if #seen > 0 then redis.call('ZREM', DUE, unpack(seen)) end
  flush()
  return #seen
end

-- reclaimAll leaves nothing that is due.
local function reclaimAll()
  repeat until reclaim() == 0
end

-- view is a reservation as it is answered: a word, then the reservation.
local function view(word, r)
  local out = {word, STATES[r.state], r.owner, r.created, r.expires, r.ended}
  for _, v in ipairs(r.lines) do out[#out + 1] = v end
  return out
end
