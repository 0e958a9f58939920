package proxy

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy listens on loopback and carries connections to its target. It is safe for
// concurrent use; its goroutines end with Close.
type Proxy struct {
	listener net.Listener
	spoiled  atomic.Int64
	running  sync.WaitGroup
	closed   chan struct{}

	mu     sync.Mutex
	target string
	fault  Fault
	open   map[*pair]bool
}

// pair is one connection of a client, and the one to the server made for it.
type pair struct{ client, server *net.TCPConn }

// Listen starts a proxy for the server at target, host and port. It spoils nothing
// until it is told to. The caller closes it.
func Listen(target string) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Close ends it
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: listener, target: target, closed: make(chan struct{}), open: map[*pair]bool{}}
	p.running.Go(p.accept)
	return p, nil
}

// Addr is where clients connect to.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Spoil lets the fault decide about every reply from now on; nil passes them all.
func (p *Proxy) Spoil(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

// Spoiled is how many replies did not come through as they were sent.
func (p *Proxy) Spoiled() int64 { return p.spoiled.Load() }

// Point sends the connections made from now on to another server.
func (p *Proxy) Point(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Reset breaks every connection, as a server that dies does.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.reset()
	}
}

// Close stops listening, breaks what is open and waits for the last goroutine.
func (p *Proxy) Close() error {
	close(p.closed)
	err := p.listener.Close()
	p.Reset()
	p.running.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		client, ok := conn.(*net.TCPConn)
		if ok {
			p.running.Go(func() { p.carry(client) })
		}
	}
}

// carry connects a client to the target and copies both ways until one side ends.
func (p *Proxy) carry(client *net.TCPConn) {
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	conn, err := net.Dial("tcp", target) //nolint:noctx // Close ends it
	server, ok := conn.(*net.TCPConn)
	if err != nil || !ok {
		_ = client.SetLinger(0)
		_ = client.Close()
		return
	}
	c := &pair{client, server}
	if !p.enter(c) {
		c.reset()
		return
	}
	var requests sync.WaitGroup
	requests.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.CloseWrite()
	})
	p.replies(c)
	c.close()
	requests.Wait()
	p.leave(c)
}

// enter notes an open pair, unless the proxy is being closed.
func (p *Proxy) enter(c *pair) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed:
		return false
	default:
		p.open[c] = true
		return true
	}
}

func (p *Proxy) leave(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

// replies copies what the server says, as far as the fault lets it.
func (p *Proxy) replies(c *pair) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := c.server.Read(buffer)
		if n > 0 && !p.pass(c, buffer[:n]) {
			return
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				c.reset()
			}
			return
		}
	}
}

// pass hands one piece of a reply on and says whether the connection lives.
func (p *Proxy) pass(c *pair, reply []byte) bool {
	p.mu.Lock()
	fault := p.fault
	p.mu.Unlock()
	v := Verdict{Pass: len(reply)}
	if fault != nil {
		v = fault(reply)
	}
	v.Pass = min(v.Pass, len(reply))
	if v.End != Keep || v.Pass < len(reply) || v.Delay > 0 {
		p.spoiled.Add(1)
	}
	if v.Delay > 0 && !p.wait(v.Delay) {
		return false
	}
	if _, err := c.client.Write(reply[:v.Pass]); err != nil {
		return false
	}
	if v.End == Reset {
		c.reset()
	}
	return v.End == Keep
}

// wait lets time pass, and says whether the proxy is still wanted.
func (p *Proxy) wait(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-p.closed:
		return false
	}
}

func (c *pair) close() {
	_ = c.client.Close()
	_ = c.server.Close()
}

// reset closes without a goodbye: the peer sees "connection reset".
func (c *pair) reset() {
	_ = c.client.SetLinger(0)
	_ = c.server.SetLinger(0)
	c.close()
}
