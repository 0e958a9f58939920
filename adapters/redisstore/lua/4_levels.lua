
-- earlier says which of two reservations was granted first.
local function earlier(a, b)
  for i = 1, 3 do
    if a.granted[i] ~= b.granted[i] then return a.granted[i] < b.granted[i] end
  end
  return false
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
  table.sort(holders, function(a, b) return earlier(b.r, a.r) end)
  for _, h in ipairs(holders) do
    if cut <= 0 then return end
    if h.r.state == 'a' then
      finish(h.id, h.r, 'v', now)
      cut = cut - h.held
    end
  end
end

-- cutOf is inventory.Level.Cut.
local function cutOf(old, new, held)
  if new[POLICY] == 'untracked' then return 0 end
  local uncovered = math.min(held, math.max(0, held + new[ALLOCATED] - new[ONHAND] - budget(new)))
  if old[POLICY] == 'untracked' then return uncovered end
  local fell = old[ONHAND] + budget(old) - new[ONHAND] - budget(new)
  return math.min(uncovered, math.max(0, fell - math.max(0, old[ALLOCATED] - new[ALLOCATED])))
end

local function locations()
  local list = {}
  for name in string.gmatch(redis.call('HGET', LEVELS, 'locations') or '', '%S+') do
    list[#list + 1], list[name] = name, true
  end
  return list
end

-- levels: items. Of each at every location: item, location, on hand, allocated,
-- limit, revision, policy, reserved.
function operations.levels()
  reclaimAll()
  local keys, at = {}, {}
  local everywhere = locations()
  for i = 3, #ARGV do
    for _, loc in ipairs(everywhere) do
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

-- set: of each level item, location, on hand, allocated, limit, revision, policy. A
-- level of an earlier generation counts as one of no revision.
local function set(from)
  reclaimAll()
  local keys = {}
  for i = from, #ARGV, 7 do keys[#keys + 1] = ARGV[i] .. '@' .. ARGV[i + 1] end
  readLevels(keys)
  local generation = (redis.call('HGET', LEVELS, 'generation') or 0) + 0
  local everywhere = locations()
  local writes, cuts, places = {}, {}, #everywhere
  for n, key in ipairs(keys) do
    local i = from + (n - 1) * 7
    local old = levels[key]
    local new = {ARGV[i + 2] + 0, ARGV[i + 3] + 0, ARGV[i + 4] + 0, ARGV[i + 5] + 0, ARGV[i + 6], generation}
    if not old or old[GENERATION] ~= generation or new[REVISION] > old[REVISION] then
      local held = reserved[key] or 0
      local cut = old and cutOf(old, new, held) or 0
      levels[key], reserved[key], moved[key] = new, held, true
      writes[#writes + 1] = key
      writes[#writes + 1] = cmsgpack.pack(new)
      if not everywhere[ARGV[i + 1]] then everywhere[#everywhere + 1], everywhere[ARGV[i + 1]] = ARGV[i + 1], true end
      if cut > 0 then cuts[#cuts + 1] = {key, cut} end
    end
  end
  chunks(writes, function(part) redis.call('HSET', LEVELS, unpack(part)) end)
  if #everywhere > places then redis.call('HSET', LEVELS, 'locations', table.concat(everywhere, ' ')) end
  for _, c in ipairs(cuts) do
    -- What an earlier key's cut voided may have covered this one already.
    local l = levels[c[1]]
    local over = math.max(0, (reserved[c[1]] or 0) + l[ALLOCATED] - l[ONHAND] - budget(l))
    void(c[1], math.min(c[2], over))
  end
  return {#writes / 2}
end

function operations.set() return set(3) end

-- conclude: the id of a reservation, then levels as for set.
function operations.conclude()
  local answer = set(4)
  readReservations({ARGV[3]})
  local r = known(ARGV[3])
  if r and r.state == 'a' then finish(ARGV[3], r, 'r', now) end
  return answer
end
