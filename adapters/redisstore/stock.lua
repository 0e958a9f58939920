-- Reservations of one store: every call of the Reserver is one run of this script,
-- which Redis executes whole and alone.
--
-- KEYS  1 levels        hash  item@location -> {on hand, allocated, limit, revision, policy}
--       2 reserved      hash  item@location -> pieces held by active reservations
--       3 reservations  hash  id -> reservation, see the constants below
--       4 due           zset  id, by when to look at it: to expire it, or to forget it
--       5 meta          hash  seq: reservations granted; loc:<name>: locations ever seen
--       6 capacity      hash  item@location -> what may be reserved at most, budget included
-- ARGV  1 operation, 2 milliseconds to add to the server's clock (tests only), 3... its arguments

local LEVELS, RESERVED, RESERVATIONS, DUE, META, CAPACITY = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local STATE, OWNER, FINGERPRINT, CREATED, EXPIRES, ENDED, SEQ, LINES = 1, 2, 3, 4, 5, 6, 7, 8
local ONHAND, ALLOCATED, LIMIT, REVISION, POLICY = 1, 2, 3, 4, 5
local REMEMBERED = 3600000
local MAXQUANTITY = 1000000000
local CHUNK = 1000

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(ARGV[2])

-- What nearly every call is: requests with new ids, one location each, nothing to
-- replace, enough of everything and nothing due. They are granted together, straight
-- down; the reply is the word and the time. Whatever is not so falls through, before
-- anything was written, to the code below, which decides every case by itself.
local function grantAll()
  if #redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, 1) > 0 then return nil end
  local n, args = tonumber(ARGV[3]), #ARGV
  local ids, keys, at = {}, {}, 4
  for i = 1, n do
    if ARGV[at + 4] ~= '' or ARGV[at + 6] ~= '1' then return nil end
    ids[i] = ARGV[at]
    local loc, lines = '@' .. ARGV[at + 7], ARGV[at + 8] * 2
    for j = at + 9, at + 8 + lines, 2 do keys[#keys + 1] = ARGV[j] .. loc end
    at = at + 9 + lines
  end
  if #keys > CHUNK or at ~= args + 1 then return nil end
  local found = redis.call('HMGET', RESERVATIONS, unpack(ids))
  local fresh = {}
  for i = 1, n do
    if found[i] or fresh[ids[i]] then return nil end
    fresh[ids[i]] = true
  end
  local capacity, taken, left = redis.call('HMGET', CAPACITY, unpack(keys)), redis.call('HMGET', RESERVED, unpack(keys)), {}
  for i, key in ipairs(keys) do
    if not capacity[i] then return nil end
    if not left[key] then left[key] = {capacity[i] + 0, (taken[i] or 0) + 0} end
  end
  local held, k = {}, 0
  at = 4
  for i = 1, n do
    local lines, count = {}, ARGV[at + 8] * 2
    for j = 1, count, 2 do
      k = k + 1
      local l, quantity = left[keys[k]], ARGV[at + 9 + j] + 0
      l[2] = l[2] + quantity
      if l[2] > l[1] then return nil end
      lines[j], lines[j + 1] = keys[k], quantity
    end
    held[i] = lines
    at = at + 9 + count
  end
  local records, scores, totals = {}, {}, {}
  local seq = redis.call('HINCRBY', META, 'seq', n) - n
  at = 4
  for i = 1, n do
    local expires = now + ARGV[at + 3]
    records[i * 2 - 1], records[i * 2] = ids[i], cmsgpack.pack({'active', ARGV[at + 1], ARGV[at + 2], now, expires, 0, seq + i, held[i]})
    scores[i * 2 - 1], scores[i * 2] = expires, ids[i]
    at = at + 9 + #held[i]
  end
  for key, l in pairs(left) do
    totals[#totals + 1] = key
    totals[#totals + 1] = l[2]
  end
  redis.call('HSET', RESERVED, unpack(totals))
  redis.call('HSET', RESERVATIONS, unpack(records))
  redis.call('ZADD', DUE, unpack(scores))
  return {'granted', now}
end

if ARGV[1] == 'reserve' then
  local granted = grantAll()
  if granted then return granted end
end

-- What this run has read and what it will write.
local levels, reserved, reservations = {}, {}, {}
local changed, scores, forgotten, moved = {}, {}, {}, {}

local function chunks(list, each)
  for from = 1, #list, CHUNK do
    each({unpack(list, from, math.min(from + CHUNK - 1, #list))})
  end
end

-- read fills a cache from a hash; what is not there is false.
local function read(hash, cache, fields, decode)
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
      if values[i] then cache[f] = decode(values[i]) end
    end
  end)
end

local function readReservations(ids) read(RESERVATIONS, reservations, ids, cmsgpack.unpack) end
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

local function finish(id, r, state, at)
  r[STATE], r[ENDED] = state, at
  hold(r[LINES], -1)
  changed[id], scores[id] = true, r[EXPIRES] + REMEMBERED
end

-- reclaim ends what has expired and forgets what ended long enough ago, at most so
-- many. It answers how many there were.
local function reclaim(limit)
  local ids = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, limit)
  local fresh = {}
  for _, id in ipairs(ids) do
    if scores[id] == nil and not forgotten[id] then fresh[#fresh + 1] = id end
  end
  readReservations(fresh)
  for _, id in ipairs(fresh) do
    local r = reservations[id]
    if r and r[STATE] == 'active' then
      finish(id, r, 'expired', r[EXPIRES])
    else
      reservations[id], forgotten[id] = false, true
    end
  end
  return #fresh
end

-- flush writes what changed. It runs before reclaim looks again, and at the end.
local function flush()
  local list = {}
  for key in pairs(moved) do
    list[#list + 1] = key
    list[#list + 1] = reserved[key]
  end
  chunks(list, function(part) redis.call('HSET', RESERVED, unpack(part)) end)
  list = {}
  for id in pairs(changed) do
    if reservations[id] then
      list[#list + 1] = id
      list[#list + 1] = cmsgpack.pack(reservations[id])
    end
  end
  chunks(list, function(part) redis.call('HSET', RESERVATIONS, unpack(part)) end)
  list = {}
  for id, score in pairs(scores) do
    list[#list + 1] = score
    list[#list + 1] = id
  end
  chunks(list, function(part) redis.call('ZADD', DUE, unpack(part)) end)
  list = {}
  for id in pairs(forgotten) do list[#list + 1] = id end
  chunks(list, function(part)
    redis.call('ZREM', DUE, unpack(part))
    redis.call('HDEL', RESERVATIONS, unpack(part))
  end)
  changed, scores, forgotten, moved = {}, {}, {}, {}
end

-- reclaimAll leaves nothing that is due.
local function reclaimAll()
  while reclaim(CHUNK) == CHUNK do flush() end
end

-- known is the reservation of an id, ended by now if its time is over.
local function known(id)
  local r = reservations[id]
  if r and r[STATE] == 'active' and r[EXPIRES] <= now then
    finish(id, r, 'expired', r[EXPIRES])
  elseif r and r[STATE] ~= 'active' and r[EXPIRES] + REMEMBERED <= now then
    reservations[id], forgotten[id], changed[id], scores[id] = false, true, nil, nil
    return false
  end
  return r
end

-- view is a reservation as it is answered: a word, then the reservation.
local function view(word, r)
  local out = {word, r[STATE], r[OWNER], r[CREATED], r[EXPIRES], r[ENDED]}
  for _, v in ipairs(r[LINES]) do out[#out + 1] = v end
  return out
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
  local l = levels[key]
  if l[POLICY] == 'untracked' then return MAXQUANTITY end
  local budget = 0
  if l[POLICY] == 'backorder' then budget = l[LIMIT] end
  return math.max(0, available(key, back) + budget)
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

-- nextSeq numbers what is granted, in order. It takes one number per request at
-- once; some may never be used.
local seq
local function nextSeq()
  if not seq then
    local wanted = tonumber(ARGV[3])
    seq = redis.call('HINCRBY', META, 'seq', wanted) - wanted
  end
  seq = seq + 1
  return seq
end

-- reserve grants one request or says why not.
local function reserve(q)
  local r = known(q.id)
  if r then
    if r[OWNER] ~= q.owner then return {'other owner'} end
    if r[FINGERPRINT] ~= q.fingerprint then return {'other lines'} end
    if r[STATE] ~= 'active' then return view('ended', r) end
    return view('ok', r)
  end
  local replaced = q.replaces ~= '' and known(q.replaces)
  if replaced then
    if replaced[OWNER] ~= q.owner then return {'replaces other owner'} end
    if replaced[STATE] ~= 'active' then replaced = nil end
  end
  local back = {}
  if replaced then
    local lines = replaced[LINES]
    for i = 1, #lines, 2 do back[lines[i]] = (back[lines[i]] or 0) + lines[i + 1] end
  end
  local held, short = plan(q, back)
  if short then -- something that expired may still count as held
    flush()
    if reclaim(CHUNK) > 0 then
      reclaimAll()
      held, short = plan(q, back)
    end
  end
  if short then return short end
  if replaced then finish(q.replaces, replaced, 'replaced', now) end
  hold(held, 1)
  r = {'active', q.owner, q.fingerprint, now, now + q.ttl, 0, nextSeq(), held}
  reservations[q.id], changed[q.id], scores[q.id], forgotten[q.id] = r, true, r[EXPIRES], nil
  return view('ok', r)
end

-- requests reads what is to be reserved, and everything it may touch.
local function requests()
  local list, ids, keys, at = {}, {}, {}, 3
  local function nextArg()
    at = at + 1
    return ARGV[at]
  end
  for n = 1, tonumber(ARGV[3]) do
    local q = {id = nextArg(), owner = nextArg(), fingerprint = nextArg(), ttl = tonumber(nextArg()), replaces = nextArg(),
      split = nextArg() == '1', locations = {}, lines = {}}
    for i = 1, tonumber(nextArg()) do q.locations[i] = nextArg() end
    for _ = 1, tonumber(nextArg()) do
      local item, quantity = nextArg(), tonumber(nextArg())
      q.lines[#q.lines + 1] = item
      q.lines[#q.lines + 1] = quantity
      for _, loc in ipairs(q.locations) do keys[#keys + 1] = item .. '@' .. loc end
    end
    ids[#ids + 1] = q.id
    if q.replaces ~= '' then ids[#ids + 1] = q.replaces end
    list[n] = q
  end
  readReservations(ids)
  readLevels(keys)
  return list
end

-- void ends reservations of a key, youngest first, until they have given up as much.
local function void(key, cut)
  flush()
  local ids = redis.call('ZRANGE', DUE, 0, -1)
  readReservations(ids)
  local active = {}
  for _, id in ipairs(ids) do
    local r = reservations[id]
    if r and r[STATE] == 'active' then
      local held = 0
      for i = 1, #r[LINES], 2 do
        if r[LINES][i] == key then held = held + r[LINES][i + 1] end
      end
      if held > 0 then active[#active + 1] = {id, r, held} end
    end
  end
  table.sort(active, function(a, b) return a[2][SEQ] > b[2][SEQ] end)
  for _, a in ipairs(active) do
    if cut <= 0 then return end
    finish(a[1], a[2], 'voided', now)
    cut = cut - a[3]
  end
end

local function budget(l)
  if l[POLICY] == 'backorder' then return l[LIMIT] end
  return 0
end

-- capacityOf is what may be reserved of a level in all. Redis turns a number into
-- text with 17 digits; the text of an integer this large stays one.
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

-- reserve: the number of requests, then each.
function operations.reserve()
  reclaim(100)
  local answers = {}
  for i, q in ipairs(requests()) do answers[i] = reserve(q) end
  return answers
end

-- extend: id, milliseconds.
function operations.extend()
  readReservations({ARGV[3]})
  local r = known(ARGV[3])
  if not r then return {'not found'} end
  if r[STATE] ~= 'active' then return view('ended', r) end
  local untilWhen = now + tonumber(ARGV[4])
  if untilWhen > r[EXPIRES] then
    r[EXPIRES] = untilWhen
    changed[ARGV[3]], scores[ARGV[3]] = true, untilWhen
  end
  return view('ok', r)
end

-- release: id.
function operations.release()
  readReservations({ARGV[3]})
  local r = known(ARGV[3])
  if not r then return {'not found'} end
  if r[STATE] == 'active' then finish(ARGV[3], r, 'released', now) end
  return view('ok', r)
end

-- levels: items. Of each at every location: item, location, on hand, allocated,
-- limit, revision, policy, reserved.
function operations.levels()
  reclaimAll()
  local locations, keys, at = {}, {}, {}
  for _, field in ipairs(redis.call('HKEYS', META)) do
    if string.sub(field, 1, 4) == 'loc:' then locations[#locations + 1] = string.sub(field, 5) end
  end
  for i = 3, #ARGV do
    for _, loc in ipairs(locations) do
      local key = ARGV[i] .. '@' .. loc
      keys[#keys + 1] = key
      at[key] = {ARGV[i], loc}
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
    local new = {tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]), ARGV[i + 6]}
    if force or not old or new[REVISION] > old[REVISION] then
      local cut = old and cutOf(old, new, reserved[key] or 0) or 0
      levels[key] = new
      writes[#writes + 1] = key
      writes[#writes + 1] = cmsgpack.pack(new)
      capacities[#capacities + 1] = key
      capacities[#capacities + 1] = capacityOf(new)
      locations['loc:' .. ARGV[i + 1]] = true
      if cut > 0 then cuts[#cuts + 1] = {key, cut} end
    end
  end
  chunks(writes, function(part) redis.call('HSET', LEVELS, unpack(part)) end)
  chunks(capacities, function(part) redis.call('HSET', CAPACITY, unpack(part)) end)
  for field in pairs(locations) do redis.call('HSET', META, field, 1) end
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
