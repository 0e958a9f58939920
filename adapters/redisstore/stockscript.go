package redisstore

import (
	_ "embed"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/1_grant.lua
var grantLua string

//go:embed lua/2_record.lua
var recordLua string

//go:embed lua/3_reserve.lua
var reserveLua string

//go:embed lua/4_levels.lua
var levelsLua string

//go:embed lua/5_trust.lua
var trustLua string

// stockScript is the script of the Reserver.
type stockScript struct {
	*script
	// shift is added to the server's clock. Only tests set it.
	shift func() time.Duration
}

func newStockScript(client redis.UniversalClient, prefix string) *stockScript {
	text := strings.Join([]string{grantLua, recordLua, reserveLua, levelsLua, trustLua}, "")
	return &stockScript{script: newScript(client, text, prefix+"levels", prefix+"free", prefix+"reservations", prefix+"due")}
}

// begin is script.begin with the argument that all operations have.
func (s *stockScript) begin(operation string, room int) []any {
	args := s.script.begin(operation, 1+room)
	if s.shift == nil {
		return append(args, "0")
	}
	return append(args, strconv.FormatInt(s.shift().Milliseconds(), 10))
}
