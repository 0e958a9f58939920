package crash

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// errKilled is what a process gets that has died: it touches nothing any more.
var errKilled = errors.New("crash: the process has died")

// Points counts every call of a port, and spoils some.
type Points struct {
	mu      sync.Mutex
	methods map[string]Method
	spoil   map[int]Mode
	names   []string     // of the calls so far, in order
	pressed []bool       // of these, those that somebody waits for who may press again
	waits   bool         // somebody does now
	met     map[int]bool // which of spoil a call came to
	dead    map[int]bool // processes
	told    map[string]any
	tells   bool               // some call is to be stale
	bounds  map[time.Time]bool // deadlines of contexts that somebody called with
	over    map[time.Time]bool // those that passed while a process stood still
	behind  bool               // the deciding store has answered as a replica does
	closed  bool               // calls are no points any more
	elapse  func()             // the process stands still, and another goes on
	turns   turns
}

func newPoints(spoil map[int]Mode) *Points {
	p := &Points{methods: Methods(), spoil: spoil, met: map[int]bool{}, dead: map[int]bool{}, told: map[string]any{}, bounds: map[time.Time]bool{}, over: map[time.Time]bool{}}
	p.turns.changed = sync.NewCond(&p.turns.mu)
	for _, m := range spoil {
		p.tells = p.tells || m == Stale
	}
	return p
}

// process is the key under which a context says which process calls.
type process struct{}

// as is a context of a process.
func as(ctx context.Context, number int) context.Context {
	return context.WithValue(ctx, process{}, number)
}

func processOf(ctx context.Context) int {
	n, _ := ctx.Value(process{}).(int)
	return n
}

// died reports whether a process has died.
func (p *Points) died(number int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead[number]
}

// revive puts fresh processes in the place of all that died.
func (p *Points) revive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.dead)
}

// press does what somebody asks for and waits for.
func (p *Points) press(do func() error) error {
	p.awaited(true)
	defer p.awaited(false)
	return do()
}

func (p *Points) awaited(is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits = is
}

// enter counts a call and says what becomes of it.
func (p *Points) enter(number int, name string) (Method, Mode, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, known := p.methods[name]
	if !known {
		return m, Sound, errors.New("crash: " + name + " is not in Methods")
	}
	if p.dead[number] {
		return m, Sound, errKilled
	}
	if p.closed {
		return m, Sound, nil
	}
	p.names, p.pressed = append(p.names, name), append(p.pressed, p.waits)
	mode := p.spoil[len(p.names)]
	if mode == Sound {
		return m, mode, nil
	}
	p.met[len(p.names)] = true
	if _, ok := m.Suffers(mode); !ok {
		return m, Sound, nil
	}
	p.behind = p.behind || mode == Stale && strings.HasPrefix(name, "Store.")
	p.dead[number] = mode == KillBefore
	return m, mode, nil
}

// close makes what is called from now on no point any more.
func (p *Points) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

func (p *Points) kill(number int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead[number] = true
}

// call is one touch of the outside that writes.
func call[T any](ctx context.Context, p *Points, name string, do func() (T, error)) (T, error) {
	return read(ctx, p, name, "", nil, do)
}

// read is one touch of the outside. About says what was asked; before, which may be nil, is the answer that a replica
// gives which has heard of nothing yet.
func read[T any](ctx context.Context, p *Points, name, about string, before, do func() (T, error)) (T, error) {
	return touch(ctx, p, name, about, answers[T]{before: before, do: do, twice: func() (T, error) {
		_, _ = do()
		return do()
	}})
}

// answers are what one touch may be answered. What is remembered of an answer is a copy of it, where there is a way to make
// one: who asked may change theirs.
type answers[T any] struct {
	before, do, twice func() (T, error)
	copied            func(T) T
}

// remembered is an answer to be given again.
func (a answers[T]) remembered(v T, err error) func() (T, error) {
	if a.copied == nil {
		return func() (T, error) { return v, err }
	}
	kept := a.copied(v)
	return func() (T, error) { return a.copied(kept), err }
}

func touch[T any](ctx context.Context, p *Points, name, about string, a answers[T]) (T, error) {
	var nothing T
	number := processOf(ctx)
	deadline, bounded := ctx.Deadline()
	if bounded {
		p.bound(deadline)
	}
	defer p.turns.take(number)()
	m, mode, err := p.enter(number, name)
	if err != nil {
		return nothing, err
	}
	if bounded && p.isOver(deadline) {
		return nothing, m.Unsent
	}
	switch mode {
	case FailBefore:
		return nothing, m.Unsent
	case KillBefore:
		return nothing, errKilled
	case Stale:
		if old, ok := recall[T](p, name+" "+about); ok {
			return old()
		}
		if a.before != nil {
			return a.before()
		}
	case Delayed:
		if m.stallsFirst() {
			p.stall(number)
		}
	}
	do := a.do
	if mode == Twice {
		do = a.twice
	}
	v, err := do()
	if m.Reads && p.tells {
		p.remember(name+" "+about, a.remembered(v, err))
	}
	switch mode {
	case Lost:
		return nothing, m.Unknown
	case KillAfter:
		p.kill(number)
	case Delayed:
		if !m.stallsFirst() {
			p.stall(number)
		}
	}
	if p.died(number) {
		return nothing, errKilled
	}
	return v, err
}

// stall lets the process stand still, and with it whoever takes turns with it. The contexts that anybody calls with end
// meanwhile, if they end at all: what is called with them afterwards is not sent. Their own clock cannot tell, so they are
// told by their deadlines.
func (p *Points) stall(number int) {
	p.turns.arrived(1 - number)
	p.mu.Lock()
	for deadline := range p.bounds {
		p.over[deadline] = true
	}
	p.mu.Unlock()
	p.elapse()
}

// bound notes that there is a context with a deadline.
func (p *Points) bound(deadline time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bounds[deadline] = true
}

func (p *Points) isOver(deadline time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over[deadline]
}

func (p *Points) remember(question string, answer any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told[question] = answer
}

func recall[T any](p *Points, question string) (func() (T, error), bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	answer, ok := p.told[question].(func() (T, error))
	return answer, ok
}

// turns lets two processes call one after the other, so that what happens at once happens alike every time.
type turns struct {
	mu      sync.Mutex
	changed *sync.Cond
	left    map[int]bool // who takes part still
	waiting map[int]bool // for their turn
	next    int
}

// begin makes the processes 0 and 1 take turns.
func (t *turns) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left, t.waiting, t.next = map[int]bool{0: true, 1: true}, map[int]bool{}, 0
}

// leave ends one's part.
func (t *turns) leave(number int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.left, number)
	t.pass(number)
}

// take waits for one's turn; what it returns passes it on.
func (t *turns) take(number int) (done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.left[number] {
		return func() {}
	}
	t.waiting[number] = true
	t.changed.Broadcast()
	for t.next != number {
		t.changed.Wait()
	}
	delete(t.waiting, number)
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.pass(number)
	}
}

// arrived returns when the other is about to call something too, or has left.
func (t *turns) arrived(other int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.left[other] && !t.waiting[other] {
		t.changed.Wait()
	}
}

func (t *turns) pass(number int) {
	if other := 1 - number; t.left[other] {
		t.next = other
	}
	t.changed.Broadcast()
}
