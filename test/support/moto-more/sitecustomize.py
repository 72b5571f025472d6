"""Calls that moto 5.2.1 lacks and whole lives need: of ElastiCache a change, the end of a delete, and subnet groups that go; tags of scalable targets.

Python loads this file at its start where its folder is on PYTHONPATH.
"""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.responses import ElastiCacheResponse


class CacheSubnetGroupInUse(ElastiCacheException):
    code = "CacheSubnetGroupInUse"


def modify_cache_cluster(self):
    """ModifyCacheCluster: the number of nodes, at once."""
    cluster = self.elasticache_backend.describe_cache_clusters(self._get_param("CacheClusterId"))[0]
    nodes = self._get_int_param("NumCacheNodes")
    if nodes is not None:
        cluster.num_cache_nodes = nodes
    return ActionResult({"CacheCluster": cluster})


def delete_cache_cluster(self):
    """DeleteCacheCluster: moto leaves it `deleting` for ever."""
    cluster = self.elasticache_backend.delete_cache_cluster(self._get_param("CacheClusterId"))
    del self.elasticache_backend.cache_clusters[cluster.cache_cluster_id]
    return ActionResult({"CacheCluster": cluster})


def delete_cache_subnet_group(self):
    """DeleteCacheSubnetGroup: refused, as AWS does, while a cluster is in it."""
    name = self._get_param("CacheSubnetGroupName")
    self.elasticache_backend.describe_cache_subnet_groups(name)
    if any(c.cache_subnet_group_name == name for c in self.elasticache_backend.cache_clusters.values()):
        raise CacheSubnetGroupInUse(f"{name} is in use.")
    del self.elasticache_backend.cache_subnet_groups[name]
    return EmptyResult()


def tags_of(self, arn):
    """The tags of a scalable target, kept beside it."""
    targets = [t for by_id in self.applicationautoscaling_backend.targets.values() for t in by_id.values() if t.arn == arn]
    return targets[0].__dict__.setdefault("kept_tags", {})


def register_scalable_target(self):
    """RegisterScalableTarget: with its tags."""
    answer = registered(self)
    tags_of(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
    return answer


def list_tags_for_resource(self):
    """ListTagsForResource of Application Auto Scaling."""
    return json.dumps({"Tags": tags_of(self, self._get_param("ResourceARN"))})


def tag_resource(self):
    """TagResource of Application Auto Scaling."""
    tags_of(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
    return json.dumps({})


def untag_resource(self):
    """UntagResource of Application Auto Scaling."""
    tags = tags_of(self, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys"):
        tags.pop(key, None)
    return json.dumps({})


registered = ApplicationAutoScalingResponse.register_scalable_target
for call in (modify_cache_cluster, delete_cache_cluster, delete_cache_subnet_group):
    setattr(ElastiCacheResponse, call.__name__, call)
for call in (register_scalable_target, list_tags_for_resource, tag_resource, untag_resource):
    setattr(ApplicationAutoScalingResponse, call.__name__, call)
