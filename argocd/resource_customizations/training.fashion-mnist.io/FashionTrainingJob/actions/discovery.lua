-- A job that is over can be run again; one that is not can be suspended, or resumed.
local status = obj.status or {}
local over = (status.phase == "Succeeded" or status.phase == "Failed")
local suspended = obj.spec.runPolicy ~= nil and obj.spec.runPolicy.suspend == true

local actions = {}
if over then
  actions["retry"] = {
    ["displayName"] = "Run again under a new name",
    ["iconClass"] = "fa fa-fw fa-redo"
  }
elseif suspended then
  actions["resume"] = {["iconClass"] = "fa fa-fw fa-play"}
else
  actions["suspend"] = {["iconClass"] = "fa fa-fw fa-pause"}
end
return actions
