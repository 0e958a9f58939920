
-- What was vouched for is vouched for in one process of Redis: the one whose run id is
-- written beside the levels. Whoever finds other levels in it, because they were loaded
-- from a file or copied from another server, finds another run id. A beat that grows
-- with every look tells data that went back in time within one process. A generation is
-- the microsecond in which levels were given up, so that none is like another of data that
-- was lost: whoever told that one its levels has not told this one.

-- recheck: the highest beat the caller has seen, and 1 if it doubts the levels for
-- reasons of its own. Answers the beat, the generation, 1 if levels of it are still to
-- be told, and why they were given up just now.
function operations.recheck()
  local seen, why = ARGV[3] + 0, ''
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  local had = redis.call('HMGET', LEVELS, 'run', 'beat', 'generation', 'pending')
  local beat, generation, pending = (had[2] or 0) + 0, (had[3] or 0) + 0, had[4] or '0'
  if not had[1] then
    why = 'empty'
  elseif had[1] ~= run then
    why = 'another server'
  elseif beat < seen then
    why = 'went back'
  elseif ARGV[4] == '1' then
    why = 'doubted'
  end
  if why ~= '' then generation, pending = math.max(generation + 1, sec * 1000000 + usec), '1' end
  beat = math.max(beat, seen) + 1
  redis.call('HSET', LEVELS, 'run', run, 'beat', beat, 'generation', generation, 'pending', pending)
  return {beat, generation, pending + 0, why}
end

-- retaught: the generation whose levels were told, all of them.
function operations.retaught()
  if (redis.call('HGET', LEVELS, 'generation') or 0) + 0 == ARGV[3] + 0 then
    redis.call('HSET', LEVELS, 'pending', '0')
  end
  return {}
end

if overdue then
  reclaim()
  local granted = brief()
  if granted then return granted end
end
local answer = operations[operation]()
flush()
return answer
