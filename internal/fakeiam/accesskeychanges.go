package fakeiam

import "github.com/nhiscan/nhiscan"

const maxAccessKeys = 2

func accessKeyChanges() map[string]operation {
	return map[string]operation{
		"CreateAccessKey": {subject: subjectUser, write: createAccessKey, mutates: true},
	}
}

// createAccessKey implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html.
// The secret is told here and kept nowhere.
func createAccessKey(s *Server, r *request, x *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	if len(o.AccessKeys) >= maxAccessKeys {
		return errQuota("AccessKeysPerUser", maxAccessKeys)
	}
	k := nhiscan.AccessKey{ID: r.index.beside.issue("AKIA"), Active: true, CreateDate: r.time, LastUsed: nhiscan.LastUse{Known: true}}
	o.AccessKeys = append(o.AccessKeys, k)
	x.open("AccessKey")
	x.text("UserName", o.userName)
	x.text("AccessKeyId", k.ID)
	x.text("Status", status(k.Active))
	x.text("SecretAccessKey", secretOf(k.ID))
	x.time("CreateDate", k.CreateDate)
	x.close("AccessKey")
	return nil
}
