-- Continues from the last checkpoint.
if obj.spec.runPolicy ~= nil then
  obj.spec.runPolicy.suspend = false
end
return obj
