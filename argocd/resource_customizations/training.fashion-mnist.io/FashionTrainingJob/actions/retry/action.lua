-- Makes a job of the same specification. It belongs to the one it repeats: Argo CD shows it below that one, holds it against
-- nothing in Git and never prunes it by itself; it goes when that one goes.
local os = require("os")

local RETRY_OF = "training.fashion-mnist.io/retry-of"

-- An empty table becomes an empty list, which is no object: it is left out.
local function copy(value)
  if type(value) ~= "table" then
    return value
  end
  local result = {}
  for key, each in pairs(value) do
    result[key] = copy(each)
  end
  if next(result) == nil then
    return nil
  end
  return result
end

local spec = copy(obj.spec)
-- Where being there is what counts, an empty list inside stands for the empty object.
if spec == nil then
  spec = {trainer = {env = {}}}
end
for number, placement in ipairs(obj.spec.placements or {}) do
  if placement.cluster ~= nil and spec.placements[number].cluster == nil then
    spec.placements[number].cluster = {tolerations = {}}
  end
end
if spec.runPolicy ~= nil and spec.runPolicy.suspend then
  spec.runPolicy.suspend = false
end

-- The labels that Argo CD may know its own resources by would make it a stranger in the application.
local labels = copy(obj.metadata.labels) or {}
labels["app.kubernetes.io/instance"] = nil
labels["argocd.argoproj.io/instance"] = nil
local first = labels[RETRY_OF] or obj.metadata.name
labels[RETRY_OF] = first

-- To the minute: who clicks twice gets one.
local name = first .. "-" .. os.date("!%y%m%d%H%M")
if #name > 63 then
  error("no room for a time behind the name " .. first .. ": at most 52 of 63 characters may be taken")
end

local job = {
  apiVersion = obj.apiVersion,
  kind = obj.kind,
  metadata = {
    name = name,
    namespace = obj.metadata.namespace,
    labels = labels,
    -- Argo CD otherwise looks at the application again whenever the progress changes.
    annotations = {["argocd.argoproj.io/ignore-resource-updates"] = "true"},
    ownerReferences = {
      {
        apiVersion = obj.apiVersion,
        kind = obj.kind,
        name = obj.metadata.name,
        uid = obj.metadata.uid
      }
    }
  },
  spec = spec
}

return {{operation = "create", resource = job}}
