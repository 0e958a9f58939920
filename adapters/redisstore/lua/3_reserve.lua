
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

-- sameLines says whether a reservation is for what a request asks for, wherever it
-- is taken from.
local function sameLines(r, q)
  local left = {}
  for i = 1, #q.lines, 2 do left[q.lines[i]] = q.lines[i + 1] end
  for i = 1, #r.lines, 2 do
    local item = string.match(r.lines[i], '^[^@]*')
    left[item] = (left[item] or 0) - r.lines[i + 1]
  end
  for _, n in pairs(left) do
    if n ~= 0 then return false end
  end
  return true
end

-- reserve grants one request or says why not.
local grants, swept = 1000, false
local function reserve(q)
  local r = known(q.id)
  if r then
    if r.owner ~= q.owner then return {'other owner'} end
    if not sameLines(r, q) then return {'other lines'} end
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
  if short and not swept then
    swept = true
    flush()
    reclaimAll()
    held, short = plan(q, back)
  end
  if short then return short end
  if replaced then finish(q.replaces, replaced, 'p', now) end
  hold(held, 1)
  grants = grants + 1
  r = {
    state = 'a', created = now, expires = now + q.ttl, ended = 0, granted = {sec + 0, usec + 0, grants},
    head = sec .. ' ' .. usec .. ' ' .. grants, owner = q.owner, lines = held, sent = table.concat(held, ' ') .. '\n' .. q.owner,
  }
  reservations[q.id], changed[q.id], forgotten[q.id] = r, true, nil
  later(q.id, r.expires)
  return view('ok', r)
end

-- asked reads what was asked briefly.
local function asked()
  local n, id, tail = 1, 2, 6
  if operation == 'many' then
    n, id = ARGV[3] + 0, 5 + 2 * ARGV[4] + 2 * ARGV[5]
    tail = id + n
  end
  local list = {}
  for i = 1, n do
    local ttl, lines, owner = string.match(ARGV[tail + i], '^(%d+) 0 ([^\n]*)\n(.*)$')
    local q = {id = ARGV[id + i], ttl = ttl + 0, owner = owner, replaces = '', split = true, lines = {}, locations = {}}
    for item, location, quantity in string.gmatch(lines, '(%S+)@(%S+) (%d+)') do
      q.lines[#q.lines + 1] = item
      q.lines[#q.lines + 1] = quantity + 0
      q.locations[1] = location
    end
    list[i] = q
  end
  return list
end

-- requests reads the requests of reserve: of each id, milliseconds, owner, what it
-- replaces, 1 if it may be split, the locations and the lines, each after their
-- number.
local function requests()
  local list, at = {}, 3
  local function nextArg()
    at = at + 1
    return ARGV[at]
  end
  for n = 1, ARGV[3] + 0 do
    local q = {id = nextArg(), ttl = nextArg() + 0, owner = nextArg(), replaces = nextArg(), split = nextArg() == '1',
      locations = {}, lines = {}}
    for i = 1, nextArg() + 0 do q.locations[i] = nextArg() end
    for i = 1, nextArg() + 0 do q.lines[2 * i - 1], q.lines[2 * i] = nextArg(), nextArg() + 0 end
    list[n] = q
  end
  return list
end

local function reserveAll(list)
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

local operations = {}

function operations.one() return reserveAll(asked()) end
operations.many = operations.one
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
