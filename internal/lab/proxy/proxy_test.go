package proxy_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/proxy"
)

// echo is a server that answers each line with a word and the line, and counts.
type echo struct {
	listener net.Listener
	served   atomic.Int64
}

func newEcho(t *testing.T, word string) *echo {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &echo{listener: listener}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { e.serve(conn, word) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return e
}

func (e *echo) serve(conn net.Conn, word string) {
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		e.served.Add(1)
		if _, err := io.WriteString(conn, word+lines.Text()+"\n"); err != nil {
			return
		}
	}
}

func listen(t *testing.T, target string) *proxy.Proxy {
	t.Helper()
	p, err := proxy.Listen(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// say sends one line over a new connection and reads until the answer's end, the
// connection's, or a second has gone by without either.
func say(t *testing.T, p *proxy.Proxy, line string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return ask(t, conn, line)
}

func ask(t *testing.T, conn net.Conn, line string) (string, error) {
	t.Helper()
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(conn).ReadString('\n')
}

func TestFaults(t *testing.T) {
	timeout := func(err error) bool { var e net.Error; return errors.As(err, &e) && e.Timeout() }
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	tests := map[string]struct {
		fault proxy.Fault
		want  string
		ended func(error) bool
		lost  int64
	}{
		"none":               {nil, "a:hello\n", is(nil), 0},
		"cut":                {proxy.Cut, "", is(io.EOF), 1},
		"cut after 3 bytes":  {proxy.CutAfter(3), "a:h", is(io.EOF), 1},
		"cut after too many": {proxy.CutAfter(99), "a:hello\n", is(nil), 1},
		"reset":              {proxy.Refuse, "", is(syscall.ECONNRESET), 1},
		"swallow":            {proxy.Swallow, "", timeout, 1},
		"delay":              {proxy.Delay(time.Millisecond), "a:hello\n", is(nil), 1},
		"none of none":       {proxy.Times(0, proxy.Cut), "a:hello\n", is(nil), 0},
		"always by chance":   {proxy.OneIn(1, 3, proxy.Cut), "", is(io.EOF), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := newEcho(t, "a:")
			p := listen(t, server.listener.Addr().String())
			p.Spoil(test.fault)
			got, err := say(t, p, "hello")
			if got != test.want || !test.ended(err) {
				t.Errorf("read %q, %v; want %q", got, err, test.want)
			}
			if p.Spoiled() != test.lost {
				t.Errorf("%d replies spoiled, want %d", p.Spoiled(), test.lost)
			}
			if server.served.Load() != 1 {
				t.Errorf("the server served %d requests, want the one", server.served.Load())
			}
		})
	}
}

// TestChance: about one in five is lost, the same ones for the same seed.
func TestChance(t *testing.T) {
	reply := []byte("0123456789")
	lost := 0
	one, two := proxy.OneIn(5, 42, proxy.CutAnywhere(7)), proxy.OneIn(5, 42, proxy.CutAnywhere(7))
	for range 1000 {
		v := one(reply)
		if v != two(reply) {
			t.Fatal("two faults of one seed differ")
		}
		if v.End == proxy.Hangup {
			lost++
			if v.Pass < 0 || v.Pass >= len(reply) {
				t.Fatalf("%d bytes of %d pass", v.Pass, len(reply))
			}
		}
	}
	if lost < 150 || lost > 250 {
		t.Errorf("%d of 1000 were lost, want about 200", lost)
	}
}

func TestPointAndReset(t *testing.T) {
	a, b := newEcho(t, "a:"), newEcho(t, "b:")
	p := listen(t, a.listener.Addr().String())
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, err := ask(t, conn, "1"); got != "a:1\n" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	p.Point(b.listener.Addr().String())
	if got, err := ask(t, conn, "2"); got != "a:2\n" || err != nil {
		t.Errorf("an open connection moved: %q, %v", got, err)
	}
	if got, err := say(t, p, "3"); got != "b:3\n" || err != nil {
		t.Errorf("a new connection did not: %q, %v", got, err)
	}
	p.Reset()
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("after a reset: %v", err)
	}
	if got, err := say(t, p, "4"); got != "b:4\n" || err != nil {
		t.Errorf("after a reset nobody gets in: %q, %v", got, err)
	}
}

// TestNobodyHome: a target that refuses makes the proxy refuse.
func TestNobodyHome(t *testing.T) {
	a := newEcho(t, "a:")
	p := listen(t, a.listener.Addr().String())
	_ = a.listener.Close()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return // the reset was faster
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("somebody answered")
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	server := newEcho(t, "a:")
	before := runtime.NumGoroutine()
	p, err := proxy.Listen(server.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p.Spoil(proxy.Delay(time.Hour))
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		t.Fatal(err)
	}
	for p.Spoiled() == 0 {
		runtime.Gosched()
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	_ = conn.Close()
	for n := 0; runtime.NumGoroutine() > before; n++ {
		if n == 1e6 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}
