-- Run once, when the volume is empty: a login for each service. The roles themselves are made by the migration where they are missing; a login
-- cannot be a member of a role that is not there yet, so they are made here first.
\set ON_ERROR_STOP on
\getenv router_password    ROUTER_PASSWORD
\getenv scheduler_password SCHEDULER_PASSWORD
\getenv executor_password  EXECUTOR_PASSWORD
\getenv monitor_password   MONITOR_PASSWORD

create role workflow_router    nologin;
create role workflow_scheduler nologin;
create role workflow_executor  nologin;
create role workflow_monitor   nologin;

create role router    login password :'router_password'    in role workflow_router;
create role scheduler login password :'scheduler_password' in role workflow_scheduler;
create role executor  login password :'executor_password'  in role workflow_executor;
create role monitor   login password :'monitor_password'   in role workflow_monitor;
