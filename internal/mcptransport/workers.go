package mcptransport

// maxIdle is how many goroutines of a connection wait for more to do.
const maxIdle = 4

// workers run functions each in a goroutine, and keep some of these for the next:
// a new goroutine has a small stack, and growing it takes a tenth of a short call.
type workers struct {
	jobs chan func()
	idle chan struct{} // held by those that wait
	done <-chan struct{}
}

func newWorkers(done <-chan struct{}) *workers {
	return &workers{jobs: make(chan func()), idle: make(chan struct{}, maxIdle), done: done}
}

// run starts the job at once, in a goroutine of its own.
func (w *workers) run(job func()) {
	select {
	case w.jobs <- job:
	default:
		go w.work(job)
	}
}

func (w *workers) work(job func()) {
	for {
		job()
		select {
		case w.idle <- struct{}{}:
		default:
			return
		}
		select {
		case job = <-w.jobs:
			<-w.idle
		case <-w.done:
			return
		}
	}
}
