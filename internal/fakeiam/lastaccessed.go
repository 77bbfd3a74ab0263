package fakeiam

import (
	"fmt"
	"time"
)

// A ServiceUse is when a service was last used. The zero At is not within the
// time that AWS tracks.
type ServiceUse struct {
	Namespace, Name string
	At              time.Time
	By, Region      string
	// Entities is how many principals used it.
	Entities int
	// Actions are told in jobs of ACTION_LEVEL only.
	Actions []ActionUse
}

// An ActionUse is when an action was last used.
type ActionUse struct {
	Name       string
	At         time.Time
	By, Region string
}

// lastAccessed is what the server tells of last use, and the jobs that ask for it.
type lastAccessed struct {
	uses map[string][]ServiceUse // by ARN
	// polls is how many requests a job takes.
	polls   int
	failure *apiError
	jobs    map[string]*lastAccessedJob
}

type lastAccessedJob struct {
	arn, granularity string
	left             int
	failure          *apiError
}

// ServicesLastAccessed sets what is told of a user, group, role or policy; until
// it is called that is an empty list.
func (s *Server) ServicesLastAccessed(arn string, uses ...ServiceUse) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lastAccessed.uses == nil {
		s.lastAccessed.uses = map[string][]ServiceUse{}
	}
	s.lastAccessed.uses[arn] = uses
}

// JobPolls sets how many requests for a new last-accessed job answer that it is
// in progress. The default is none.
func (s *Server) JobPolls(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastAccessed.polls = n
}

// FailJobs makes new last-accessed jobs end as failed, with the code and message.
func (s *Server) FailJobs(code, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastAccessed.failure = &apiError{code: code, message: message}
}

func lastAccessedOperations() map[string]operation {
	arn := func(_ *index, r *request) string { return r.param("Arn") }
	return map[string]operation{
		"GenerateServiceLastAccessedDetails": {subject: arn, write: generateServiceLastAccessedDetails},
		"GetServiceLastAccessedDetails":      {write: getServiceLastAccessedDetails},
	}
}

// generateServiceLastAccessedDetails implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html.
func generateServiceLastAccessedDetails(s *Server, r *request, x *xmlWriter) *apiError {
	arn, err := r.required("Arn")
	if err != nil {
		return err
	}
	if !r.index.has(arn) {
		return errNoSuchEntity("ARN %s does not exist.", arn)
	}
	granularity := r.param("Granularity")
	switch granularity {
	case "":
		granularity = "SERVICE_LEVEL"
	case "SERVICE_LEVEL", "ACTION_LEVEL":
	default:
		return errValidation("Value '" + granularity + "' at 'granularity' failed to satisfy constraint: Member must satisfy enum value set: [SERVICE_LEVEL, ACTION_LEVEL]")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	jobs := &s.lastAccessed
	if jobs.jobs == nil {
		jobs.jobs = map[string]*lastAccessedJob{}
	}
	id := fmt.Sprintf("examplef-1305-c245-eba4-%012x", len(jobs.jobs)+1)
	jobs.jobs[id] = &lastAccessedJob{arn: arn, granularity: granularity, left: jobs.polls, failure: jobs.failure}
	x.text("JobId", id)
	return nil
}

// getServiceLastAccessedDetails implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html.
func getServiceLastAccessedDetails(s *Server, r *request, x *xmlWriter) *apiError {
	id, err := r.required("JobId")
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	job, ok := s.lastAccessed.jobs[id]
	if !ok {
		return errNoSuchEntity("Job with id %s does not exist.", id)
	}
	x.text("JobType", job.granularity)
	x.time("JobCreationDate", r.index.reportTime())
	if job.left > 0 {
		job.left--
		x.text("JobStatus", "IN_PROGRESS")
		return nil
	}
	x.time("JobCompletionDate", r.index.reportTime().Add(time.Second))
	if job.failure != nil {
		x.text("JobStatus", "FAILED")
		x.open("Error")
		x.text("Message", job.failure.message)
		x.text("Code", job.failure.code)
		x.close("Error")
		return nil
	}
	x.text("JobStatus", "COMPLETED")
	return writePage(r, x, "ServicesLastAccessed", s.lastAccessed.uses[job.arn], func(x *xmlWriter, use ServiceUse) {
		writeServiceUse(x, use, job.granularity == "ACTION_LEVEL")
	})
}

func writeServiceUse(x *xmlWriter, use ServiceUse, actions bool) {
	x.text("ServiceName", use.Name)
	x.text("ServiceNamespace", use.Namespace)
	x.time("LastAuthenticated", use.At)
	x.optional("LastAuthenticatedEntity", use.By)
	x.optional("LastAuthenticatedRegion", use.Region)
	x.integer("TotalAuthenticatedEntities", use.Entities)
	if !actions || len(use.Actions) == 0 {
		return
	}
	members(x, "TrackedActionsLastAccessed", use.Actions, func(x *xmlWriter, use ActionUse) {
		x.text("ActionName", use.Name)
		x.optional("LastAccessedEntity", use.By)
		x.optional("LastAccessedRegion", use.Region)
		x.time("LastAccessedTime", use.At)
	})
}

// has reports whether the ARN is of a user, group, role or policy of the account.
func (ix *index) has(arn string) bool {
	if _, ok := ix.policyByARN[arn]; ok {
		return true
	}
	name := nameOf(arn)
	if u, ok := ix.userNamed[name]; ok && u.ARN == arn {
		return true
	}
	if g, ok := ix.groupNamed[name]; ok && g.ARN == arn {
		return true
	}
	role, ok := ix.roleNamed[name]
	return ok && role.ARN == arn
}
