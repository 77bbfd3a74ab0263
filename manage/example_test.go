package manage_test

import (
	"fmt"
	"os"
	"time"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/manage"
)

// Proposes what to clean up, and writes it to a file for a person to look through.
// With credentials, each change of it would go through [manage.Proposal.StillUnused],
// [manage.NewPlan] and [manage.Plan.Apply].
func Example() {
	account, err := demo.Account()
	if err != nil {
		panic(err)
	}
	cleanup := manage.ProposeCleanup(account, demo.Now(), &manage.CleanupOptions{UnusedFor: 365 * 24 * time.Hour})
	file := &manage.PlanFile{AccountID: account.ID, CreatedAt: demo.Now(), Proposals: cleanup.Proposals}
	fmt.Println("left out:", len(cleanup.LeftOut))
	if err := file.Write(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// left out: 6
	// {
	//   "schema": "nhiscan/plan/v1",
	//   "account_id": "123456789012",
	//   "created_at": "2026-10-05T09:00:00Z",
	//   "changes": [
	//     {
	//       "change": "delete_access_key",
	//       "arguments": {
	//         "user_name": "priya.ramanathan",
	//         "access_key_id": "AKIA2SLRVGOBKEXAMPLE"
	//       },
	//       "reason": "Access key AKIA2SLRVGOBKEXAMPLE of user priya.ramanathan is inactive and was last used on 2025-08-29 (401 days ago).",
	//       "unused_since": "2025-08-29T11:48:00Z"
	//     },
	//     {
	//       "change": "attach_role_policy",
	//       "arguments": {
	//         "role_name": "legacy-image-resizer",
	//         "policy_arn": "arn:aws:iam::aws:policy/AWSDenyAll"
	//       },
	//       "reason": "Role legacy-image-resizer was made on 2021-06-03 and not used in the 400 days that AWS remembers: AWSDenyAll keeps it from everything until it is deleted.",
	//       "unused_since": "2025-08-31T09:00:00Z"
	//     },
	//     {
	//       "change": "attach_role_policy",
	//       "arguments": {
	//         "role_name": "quarterly-reporting",
	//         "policy_arn": "arn:aws:iam::aws:policy/AWSDenyAll"
	//       },
	//       "reason": "Role quarterly-reporting was made on 2022-05-19 and not used in the 400 days that AWS remembers: AWSDenyAll keeps it from everything until it is deleted.",
	//       "unused_since": "2025-08-31T09:00:00Z"
	//     }
	//   ]
	// }
}
