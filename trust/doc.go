package trust
