-- Reservations of one store: every call of the Reserver is one run of this script,
-- which Redis executes whole and alone.
--
-- KEYS  1 levels        hash  item@location -> {on hand, allocated, limit, revision, policy}
--       2 capacity      hash  item@location -> what may be reserved in all, budget included
--       3 reserved      hash  item@location -> pieces held by active reservations
--       4 reservations  hash  id -> record, see below
--       5 due           zset  ids, joined by spaces, by when to look at them again
--       6 locations     set   every location that was ever named
-- ARGV  1 operation, 2 milliseconds to add to the server's clock (tests only), 3... its arguments
--
-- A record is text: one letter for the state; created, expires and ended in 13
-- digits each; 19 digits that order grants; and what the client sent: 32 of a
-- fingerprint, the lines as "key quantity key quantity", a newline, the owner.

local LEVELS, CAPACITY, RESERVED, RESERVATIONS, DUE, LOCATIONS = unpack(KEYS)
local REMEMBERED, MAXQUANTITY, CHUNK, TOGETHER = 3600000, 1000000000, 1000, 32

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[2]
local thirteen = '%013.0f'
-- order begins what orders grants: two runs never share a microsecond.
local order = string.format('%016.0f', (clock[1] + 0) * 1000000 + clock[2] + ARGV[2] * 1000)

-- grant is what nearly every call is: requests with new ids for one location each,
-- nothing to replace, enough of everything and nothing due. They are granted
-- together, straight down; the answer is the word and the time. What is not so
-- falls through, before anything is written, to the code below, which decides each
-- request by itself.
--
-- Arguments: the number of requests and of different keys, the keys, then of each
-- request: id, milliseconds, record, number of lines, and of each line the key's
-- place among the keys and the quantity.
local function grant()
  local soon = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, 1)
  if soon[1] then return nil end
  local n, kinds = ARGV[3] + 0, ARGV[4] + 0
  local at = 5 + kinds
  local ids, starts = {}, {}
  for i = 1, n do
    ids[i], starts[i] = ARGV[at], at
    at = at + 4 + 2 * ARGV[at + 3]
  end
  starts[n + 1] = at
  local found = redis.call('HMGET', RESERVATIONS, unpack(ids))
  local fresh = {}
  for i = 1, n do
    if found[i] or fresh[ids[i]] then return nil end
    fresh[ids[i]] = true
  end
  local capacity = redis.call('HMGET', CAPACITY, unpack(ARGV, 5, 4 + kinds))
  local taken = redis.call('HMGET', RESERVED, unpack(ARGV, 5, 4 + kinds))
  for k = 1, kinds do
    if not capacity[k] then return nil end
    capacity[k], taken[k] = capacity[k] + 0, (taken[k] or 0) + 0
  end
  for i = 1, n do
    for j = starts[i] + 4, starts[i + 1] - 2, 2 do
      local k = ARGV[j] + 0
      local sum = taken[k] + ARGV[j + 1]
      if sum > capacity[k] then return nil end
      taken[k] = sum
    end
  end
  local created, records, heads, due, totals = string.format(thirteen, now), {}, {}, {}, {}
  for i = 1, n do
    local ttl = ARGV[starts[i] + 1]
    local head = heads[ttl]
    if not head then
      head = 'a' .. created .. string.format(thirteen, now + ttl) .. '0000000000000' .. order
      heads[ttl], due[ttl] = head, {}
    end
    records[2 * i - 1], records[2 * i] = ids[i], head .. (100 + i) .. ARGV[starts[i] + 2]
    local list = due[ttl]
    list[#list + 1] = ids[i]
  end
  for k = 1, kinds do
    totals[2 * k - 1], totals[2 * k] = ARGV[4 + k], taken[k]
  end
  redis.call('HSET', RESERVED, unpack(totals))
  redis.call('HSET', RESERVATIONS, unpack(records))
  for ttl, list in pairs(due) do
    for from = 1, #list, TOGETHER do
      redis.call('ZADD', DUE, now + ttl, table.concat(list, ' ', from, math.min(from + TOGETHER - 1, #list)))
    end
  end
  return {'granted', now}
end

if ARGV[1] == 'grant' then
  local granted = grant()
  if granted then return granted end
end

-- From here on cases are decided one by one. What this run has read and what it
-- will write is kept in tables until flush.

local STATES = {a = 'active', r = 'released', e = 'expired', p = 'replaced', v = 'voided'}
local ONHAND, ALLOCATED, LIMIT, REVISION, POLICY = 1, 2, 3, 4, 5
local levels, reserved, reservations = {}, {}, {}
local changed, forgotten, moved, due = {}, {}, {}, {}

local function chunks(list, each)
  for from = 1, #list, CHUNK do
    each({unpack(list, from, math.min(from + CHUNK - 1, #list))})
  end
end

-- decode reads a record.
local function decode(text)
  local from, to = string.find(text, '\n', 92, true)
  local r = {
    state = string.sub(text, 1, 1), created = string.sub(text, 2, 14) + 0, expires = string.sub(text, 15, 27) + 0,
    ended = string.sub(text, 28, 40) + 0, seq = string.sub(text, 41, 59), sent = string.sub(text, 60),
    fingerprint = string.sub(text, 60, 91), owner = string.sub(text, to + 1), lines = {},
  }
  for key, quantity in string.gmatch(string.sub(text, 92, from - 1), '(%S+) (%d+)') do
    r.lines[#r.lines + 1] = key
    r.lines[#r.lines + 1] = quantity + 0
  end
  return r
end

local function encode(r)
  return r.state .. string.format(thirteen .. thirteen .. thirteen, r.created, r.expires, r.ended) .. r.seq .. r.sent
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
      if values[i] then cache[f] = how(values[i]) end
    end
  end)
end

local function readReservations(ids) read(RESERVATIONS, reservations, ids, decode) end
local function readLevels(keys)
  read(LEVELS, levels, keys, cmsgpack.unpack)
  read(RESERVED, reserved, keys, tonumber)
end

local function hold(lines, sign)
  for i = 1, #lines, 2 do
    local key = lines[i]
    if reserved[key] == nil then read(RESERVED, reserved, {key}, tonumber) end
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

-- expire ends a reservation whose time is over, and says what is left of it: false
-- once it is to be forgotten.
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
    list[#list + 1] = key
    list[#list + 1] = reserved[key]
  end
  chunks(list, function(part) redis.call('HSET', RESERVED, unpack(part)) end)
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
-- enough ago, and puts the rest where it is due next. It looks at so many groups of
-- ids at most, and answers how many it found.
local function reclaim(limit)
  local groups = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, limit)
  local ids = {}
  for _, group in ipairs(groups) do
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
  chunks(groups, function(part) redis.call('ZREM', DUE, unpack(part)) end)
  return #groups
end

-- reclaimAll leaves nothing that is due.
local function reclaimAll()
  repeat
    local n = reclaim(100)
    flush()
  until n < 100
end

-- view is a reservation as it is answered: a word, then the reservation.
local function view(word, r)
  local out = {word, STATES[r.state], r.owner, r.created, r.expires, r.ended}
  for _, v in ipairs(r.lines) do out[#out + 1] = v end
  return out
end

local function budget(l)
  if l[POLICY] == 'backorder' then return l[LIMIT] end
  return 0
end

local function available(key, back)
  local l = levels[key]
  return l[ONHAND] - l[ALLOCATED] - (reserved[key] or 0) + (back[key] or 0)
end

local function stocked(key, back)
  if levels[key][POLICY] == 'untracked' then return MAXQUANTITY end
  return math.max(0, available(key, back))
end

local function sellable(key, back)
  if levels[key][POLICY] == 'untracked' then return MAXQUANTITY end
  return math.max(0, available(key, back) + budget(levels[key]))
end

-- take plans one line as inventory.Plan does: whole from the first location that
-- has it, else in parts; what is there before backorder budgets. It adds to held
-- and answers whether the line fits.
local function take(shelf, quantity, split, back, held)
  for _, measure in ipairs({stocked, sellable}) do
    for _, key in ipairs(shelf) do
      if measure(key, back) >= quantity then
        held[#held + 1] = key
        held[#held + 1] = quantity
        return true
      end
    end
    if split then
      local parts, left = {}, quantity
      for _, key in ipairs(shelf) do
        local part = math.min(left, measure(key, back))
        if part > 0 then
          parts[#parts + 1] = key
          parts[#parts + 1] = part
          left = left - part
        end
      end
      if left == 0 then
        for _, v in ipairs(parts) do held[#held + 1] = v end
        return true
      end
    end
  end
  return false
end

local function have(shelf, split, back)
  local sum, best = 0, 0
  for _, key in ipairs(shelf) do
    local n = sellable(key, back)
    sum, best = sum + n, math.max(best, n)
  end
  if split then return sum end
  return best
end

-- plan answers what is held, or nil and what is short.
local function plan(q, back)
  local held, short = {}, nil
  for i = 1, #q.lines, 2 do
    local shelf = {}
    for _, loc in ipairs(q.locations) do
      local key = q.lines[i] .. '@' .. loc
      if levels[key] then shelf[#shelf + 1] = key end
    end
    if not take(shelf, q.lines[i + 1], q.split, back, held) then
      short = short or {'short'}
      local unknown = 0
      if #shelf == 0 then unknown = 1 end
      for _, v in ipairs({q.lines[i], q.lines[i + 1], have(shelf, q.split, back), unknown}) do short[#short + 1] = v end
    end
  end
  return not short and held or nil, short
end

local grants = 100
local function nextSeq()
  grants = grants + 1
  return order .. grants
end

-- reserve grants one request or says why not.
local function reserve(q)
  local r = known(q.id)
  if r then
    if r.owner ~= q.owner then return {'other owner'} end
    if r.fingerprint ~= q.fingerprint then return {'other lines'} end
    if r.state ~= 'a' then return view('ended', r) end
    return view('ok', r)
  end
  local replaced = q.replaces ~= '' and known(q.replaces)
  if replaced then
    if replaced.owner ~= q.owner then return {'replaces other owner'} end
    if replaced.state ~= 'a' then replaced = nil end
  end
  local back = {}
  if replaced then
    local lines = replaced.lines
    for i = 1, #lines, 2 do back[lines[i]] = (back[lines[i]] or 0) + lines[i + 1] end
  end
  local held, short = plan(q, back)
  if short then return short end
  if replaced then finish(q.replaces, replaced, 'p', now) end
  hold(held, 1)
  r = {
    state = 'a', created = now, expires = now + q.ttl, ended = 0, seq = nextSeq(), owner = q.owner,
    fingerprint = q.fingerprint, lines = held, sent = q.fingerprint .. table.concat(held, ' ') .. '\n' .. q.owner,
  }
  reservations[q.id], changed[q.id], forgotten[q.id] = r, true, nil
  later(q.id, r.expires)
  return view('ok', r)
end

-- asked reads the requests of grant.
local function asked()
  local list, kinds = {}, ARGV[4] + 0
  local at = 5 + kinds
  for n = 1, ARGV[3] + 0 do
    local text, count, loc = ARGV[at + 2], ARGV[at + 3] + 0, nil
    local _, newline = string.find(text, '\n', 33, true)
    local q = {id = ARGV[at], ttl = ARGV[at + 1] + 0, fingerprint = string.sub(text, 1, 32),
      owner = string.sub(text, newline + 1), replaces = '', split = true, lines = {}}
    for i = 1, count do
      local item, where = string.match(ARGV[4 + ARGV[at + 2 + 2 * i]], '^(.*)@(.*)$')
      loc, q.lines[2 * i - 1], q.lines[2 * i] = where, item, ARGV[at + 3 + 2 * i] + 0
    end
    q.locations = {loc}
    list[n] = q
    at = at + 4 + 2 * count
  end
  return list
end

-- requests reads the requests of reserve: of each id, milliseconds, fingerprint,
-- owner, what it replaces, 1 if it may be split, the locations and the lines, each
-- after their number.
local function requests()
  local list, at = {}, 3
  local function nextArg()
    at = at + 1
    return ARGV[at]
  end
  for n = 1, ARGV[3] + 0 do
    local q = {id = nextArg(), ttl = nextArg() + 0, fingerprint = nextArg(), owner = nextArg(), replaces = nextArg(),
      split = nextArg() == '1', locations = {}, lines = {}}
    for i = 1, nextArg() + 0 do q.locations[i] = nextArg() end
    for i = 1, nextArg() + 0 do q.lines[2 * i - 1], q.lines[2 * i] = nextArg(), nextArg() + 0 end
    list[n] = q
  end
  return list
end

local function reserveAll(list)
  reclaimAll()
  local ids, keys, answers = {}, {}, {}
  for _, q in ipairs(list) do
    ids[#ids + 1] = q.id
    if q.replaces ~= '' then ids[#ids + 1] = q.replaces end
    for i = 1, #q.lines, 2 do
      for _, loc in ipairs(q.locations) do keys[#keys + 1] = q.lines[i] .. '@' .. loc end
    end
  end
  readReservations(ids)
  readLevels(keys)
  for i, q in ipairs(list) do answers[i] = reserve(q) end
  return answers
end

-- void ends reservations of a key, youngest first, until they have given up as much.
local function void(key, cut)
  flush()
  local ids = {}
  for _, group in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
    for id in string.gmatch(group, '%S+') do ids[#ids + 1] = id end
  end
  readReservations(ids)
  local holders = {}
  for _, id in ipairs(ids) do
    local r = reservations[id]
    if r and r.state == 'a' then
      local held = 0
      for i = 1, #r.lines, 2 do
        if r.lines[i] == key then held = held + r.lines[i + 1] end
      end
      if held > 0 then holders[#holders + 1] = {id = id, r = r, held = held} end
    end
  end
  table.sort(holders, function(a, b) return a.r.seq > b.r.seq end)
  for _, h in ipairs(holders) do
    if cut <= 0 then return end
    if h.r.state == 'a' then
      finish(h.id, h.r, 'v', now)
      cut = cut - h.held
    end
  end
end

-- capacityOf is what may be reserved of a level in all.
local function capacityOf(l)
  if l[POLICY] == 'untracked' then return string.format('%.0f', 2 ^ 52) end
  return string.format('%.0f', l[ONHAND] - l[ALLOCATED] + budget(l))
end

-- cutOf is inventory.Level.Cut.
local function cutOf(old, new, held)
  if new[POLICY] == 'untracked' then return 0 end
  local uncovered = math.min(held, math.max(0, held + new[ALLOCATED] - new[ONHAND] - budget(new)))
  if old[POLICY] == 'untracked' then return uncovered end
  local fell = old[ONHAND] + budget(old) - new[ONHAND] - budget(new)
  return math.min(uncovered, math.max(0, fell - math.max(0, old[ALLOCATED] - new[ALLOCATED])))
end

local operations = {}

function operations.grant() return reserveAll(asked()) end
function operations.reserve() return reserveAll(requests()) end

-- extend: id, milliseconds.
function operations.extend()
  readReservations({ARGV[3]})
  local r = known(ARGV[3])
  if not r then return {'not found'} end
  if r.state ~= 'a' then return view('ended', r) end
  if now + ARGV[4] > r.expires then
    r.expires, changed[ARGV[3]] = now + ARGV[4], true
  end
  return view('ok', r)
end

-- release: id.
function operations.release()
  readReservations({ARGV[3]})
  local r = known(ARGV[3])
  if not r then return {'not found'} end
  if r.state == 'a' then finish(ARGV[3], r, 'r', now) end
  return view('ok', r)
end

-- levels: items. Of each at every location: item, location, on hand, allocated,
-- limit, revision, policy, reserved.
function operations.levels()
  reclaimAll()
  local keys, at = {}, {}
  local locations = redis.call('SMEMBERS', LOCATIONS)
  for i = 3, #ARGV do
    for _, loc in ipairs(locations) do
      local key = ARGV[i] .. '@' .. loc
      keys[#keys + 1], at[key] = key, {ARGV[i], loc}
    end
  end
  readLevels(keys)
  local answers = {}
  for _, key in ipairs(keys) do
    local l = levels[key]
    if l then answers[#answers + 1] = {at[key][1], at[key][2], l[ONHAND], l[ALLOCATED], l[LIMIT], l[REVISION], l[POLICY], reserved[key] or 0} end
  end
  return answers
end

-- set: whether a lower revision counts too, then of each level item, location, on
-- hand, allocated, limit, revision, policy.
function operations.set()
  reclaimAll()
  local force, keys = ARGV[3] == '1', {}
  for i = 4, #ARGV, 7 do keys[#keys + 1] = ARGV[i] .. '@' .. ARGV[i + 1] end
  readLevels(keys)
  local writes, capacities, locations, cuts = {}, {}, {}, {}
  for n, key in ipairs(keys) do
    local i = 4 + (n - 1) * 7
    local old = levels[key]
    local new = {ARGV[i + 2] + 0, ARGV[i + 3] + 0, ARGV[i + 4] + 0, ARGV[i + 5] + 0, ARGV[i + 6]}
    if force or not old or new[REVISION] > old[REVISION] then
      local cut = old and cutOf(old, new, reserved[key] or 0) or 0
      levels[key] = new
      writes[#writes + 1] = key
      writes[#writes + 1] = cmsgpack.pack(new)
      capacities[#capacities + 1] = key
      capacities[#capacities + 1] = capacityOf(new)
      locations[ARGV[i + 1]] = true
      if cut > 0 then cuts[#cuts + 1] = {key, cut} end
    end
  end
  chunks(writes, function(part) redis.call('HSET', LEVELS, unpack(part)) end)
  chunks(capacities, function(part) redis.call('HSET', CAPACITY, unpack(part)) end)
  for name in pairs(locations) do redis.call('SADD', LOCATIONS, name) end
  for _, c in ipairs(cuts) do
    -- What an earlier key's cut voided may have covered this one already.
    local l = levels[c[1]]
    local over = math.max(0, (reserved[c[1]] or 0) + l[ALLOCATED] - l[ONHAND] - budget(l))
    void(c[1], math.min(c[2], over))
  end
  return {#writes / 2}
end

local answer = operations[ARGV[1]]()
flush()
return answer
